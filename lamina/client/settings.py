"""Single settings of a job body by dotted path, such as `compile.optimizer.learning_rate`."""

from typing import Any

from .errors import BadSource


def set_at(body: Any, path: str, value: Any) -> None:
    """Put `value` at the dotted `path`; objects on the way are made, lists take an index.

    A name where an object is needed, such as `"optimizer": "adam"`, becomes
    `{"class_name": "adam"}` first. Raises BadSource.
    """
    *way, last = path.split(".")
    place = body
    for part in way:
        place = _descend(place, part, path)
    if isinstance(place, list):
        place[_index(place, last, path)] = value
    else:
        place[last] = value


def _descend(place: Any, part: str, path: str) -> Any:
    key: Any = _index(place, part, path) if isinstance(place, list) else part
    inner = place[key] if isinstance(place, list) else place.get(key)
    if inner is None:
        inner = {}
    elif isinstance(inner, str) and inner != "auto":
        inner = {"class_name": inner}
    elif not isinstance(inner, dict | list):
        raise BadSource(f"{path!r}: there is {inner!r} at {part!r}, not an object")
    place[key] = inner
    return inner


def _index(place: list[Any], part: str, path: str) -> int:
    if part.isdecimal() and int(part) < len(place):
        return int(part)
    raise BadSource(f"{path!r}: {part!r} is no index into a list of {len(place)}")
