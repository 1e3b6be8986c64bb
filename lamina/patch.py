"""JSON Pointer (RFC 6901) and JSON Patch (RFC 6902), as fixes use them."""

from typing import Any

Step = dict[str, Any]


class PatchError(ValueError):
    """A patch does not fit its document."""


def parts(pointer: str) -> list[str]:
    """The members that a pointer names, one after another. Raises PatchError."""
    if pointer and not pointer.startswith("/"):
        raise PatchError(f"{pointer!r} is no JSON Pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def look(document: Any, pointer: str) -> Any:
    """What stands at a pointer. Raises PatchError when nothing does."""
    for part in parts(pointer):
        document = _member(document, part, pointer)
    return document


def apply(document: Any, patch: list[Step]) -> Any:
    """The document after a patch, in which all steps work or none does; the given one stays.

    Raises PatchError for a path that is not there, a test that fails or an unknown operation.
    """
    changed = _copied(document)
    for step in patch:
        try:
            changed = _OPERATIONS[step["op"]](changed, step)
        except (KeyError, TypeError) as error:
            raise PatchError(f"{step!r} is no step of a JSON Patch") from error
    return changed


def _copied(value: Any) -> Any:
    """A copy in which no two places share an object: a change of one must not show in both."""
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    return [_copied(member) for member in value] if isinstance(value, list) else value


def _add(document: Any, step: Step) -> Any:
    return _put(document, step["path"], _copied(step["value"]))


def _remove(document: Any, step: Step) -> Any:
    return _take(document, step["path"])[0]


def _replace(document: Any, step: Step) -> Any:
    look(document, step["path"])
    if not step["path"]:
        return _copied(step["value"])
    parent, part = _parent(document, step["path"])
    parent[int(part) if isinstance(parent, list) else part] = _copied(step["value"])
    return document


def _move(document: Any, step: Step) -> Any:
    if step["path"].startswith(step["from"] + "/"):
        raise PatchError(f"{step['from']!r} cannot move into itself")
    document, value = _take(document, step["from"])
    return _put(document, step["path"], value)


def _copy(document: Any, step: Step) -> Any:
    return _put(document, step["path"], _copied(look(document, step["from"])))


def _test(document: Any, step: Step) -> Any:
    if look(document, step["path"]) != step["value"]:
        raise PatchError(f"{step['path']!r} does not hold what it should")
    return document


_OPERATIONS = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _put(document: Any, pointer: str, value: Any) -> Any:
    if not pointer:
        return value
    parent, part = _parent(document, pointer)
    if isinstance(parent, list):
        parent.insert(_index(part, len(parent) + 1, pointer, last=len(parent)), value)
    else:
        parent[part] = value
    return document


def _take(document: Any, pointer: str) -> tuple[Any, Any]:
    value = look(document, pointer)
    if not pointer:
        return None, value
    parent, part = _parent(document, pointer)
    del parent[int(part) if isinstance(parent, list) else part]
    return document, value


def _parent(document: Any, pointer: str) -> tuple[Any, str]:
    above, _, _ = pointer.rpartition("/")
    parent = look(document, above)
    if not isinstance(parent, dict | list):
        raise PatchError(f"{above!r} holds neither an object nor a list")
    return parent, parts(pointer)[-1]


def _member(value: Any, part: str, pointer: str) -> Any:
    if isinstance(value, dict) and part in value:
        return value[part]
    if isinstance(value, list):
        return value[_index(part, len(value), pointer)]
    raise PatchError(f"there is no {pointer!r}")


def _index(part: str, size: int, pointer: str, last: int | None = None) -> int:
    if part == "-" and last is not None:
        return last
    if part.isascii() and part.isdigit() and str(int(part)) == part and int(part) < size:
        return int(part)
    raise PatchError(f"there is no {pointer!r}")
