"""Where several JSON documents differ, by JSON Pointer (RFC 6901)."""

from collections.abc import Iterator, Mapping
from typing import Any

_MISSING = object()
_BELOW = ("metadata", "display_name", "tags")
"""What names a job rather than tells it what to do."""


def differences(documents: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Pointer and values by document, of the deepest places that are not alike in all.

    Lists of layers are compared by place; a document that lacks a place has no value there.
    """
    told = {
        key: {name: value for name, value in document.items() if name not in _BELOW}
        for key, document in documents.items()
    }
    return list(_differences("", told))


def _differences(pointer: str, values: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    first = next(iter(values.values()))
    if all(value is not _MISSING and value == first for value in values.values()):
        return
    children = _children(values)
    if children is None:
        yield pointer, {key: value for key, value in values.items() if value is not _MISSING}
        return
    for name, below in children:
        yield from _differences(f"{pointer}/{_escaped(name)}", below)


def _children(values: dict[str, Any]) -> list[tuple[str, dict[str, Any]]] | None:
    """What lies below, by name; None where not all are objects or all lists of objects."""
    there = [value for value in values.values() if value is not _MISSING]
    if len(there) < len(values):
        return None
    if all(isinstance(value, dict) for value in there):
        names = list(dict.fromkeys(name for value in there for name in value))
        if len({str(value.get("class_name")) for value in there}) > 1:
            return None  # objects of two classes have nothing to compare argument by argument
        return [(name, {k: v.get(name, _MISSING) for k, v in values.items()}) for name in names]
    if all(isinstance(value, list) and _nested(value) for value in there):
        longest = max(len(value) for value in there)
        return [
            (str(i), {k: v[i] if i < len(v) else _MISSING for k, v in values.items()})
            for i in range(longest)
        ]
    return None


def _nested(value: list[Any]) -> bool:
    return any(isinstance(member, dict | list) for member in value)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
