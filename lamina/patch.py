"""JSON Pointer (RFC 6901), JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396)."""

from typing import Any

Step = dict[str, Any]


class PatchError(ValueError):
    """A patch does not fit its document; `place` is the number of the step, where it is one."""

    place: int | None = None


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


def apply(document: Any, patch: list[Step], most: int | None = None) -> Any:
    """The document after a patch, in which all steps work or none does; the given one stays.

    Raises PatchError for a path that is not there, a test that fails, an unknown operation, and
    for copies of more than `most` values together: each may double the document.
    """
    changed = _copied(document)
    for place, step in enumerate(patch):
        try:
            if most is not None and step["op"] == "copy":
                most -= _count(look(changed, step["from"]), most)
            changed = _OPERATIONS[step["op"]](changed, step)
        except PatchError as error:
            error.place = place
            raise
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            wrong = PatchError(f"{str(step)[:200]} is no step of a JSON Patch")
            wrong.place = place
            raise wrong from error
    return changed


def merge(document: Any, patch: Any) -> Any:
    """The document after a merge patch: null takes a member away, objects go into objects.

    Everything else, lists too, takes the place of what was there. The given document stays.
    """
    if not isinstance(patch, dict):
        return _copied(patch)
    merged = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def _count(value: Any, most: int) -> int:
    """How many values a value holds, itself too. Raises PatchError when it is more than `most`."""
    pending, found = [value], 0
    while pending:
        one = pending.pop()
        found += 1
        if found > most:
            raise PatchError("the copies are too large")
        pending += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return found


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
