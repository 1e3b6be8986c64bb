"""Applying a JSON Patch (RFC 6902: add, remove, replace, move) to a copy of a document."""

import copy
from typing import Any


def _walk(document: Any, pointer: str) -> tuple[Any, Any]:
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for part in parts[:-1]:
        document = document[int(part) if isinstance(document, list) else part]
    return document, int(parts[-1]) if isinstance(document, list) else parts[-1]


def _remove(document: Any, pointer: str) -> Any:
    parent, key = _walk(document, pointer)
    return parent.pop(key)


def _add(document: Any, pointer: str, value: Any) -> None:
    parent, key = _walk(document, pointer)
    if isinstance(parent, list):
        assert 0 <= key <= len(parent)
        parent.insert(key, value)
    else:
        parent[key] = value


def patched(document: Any, patch: list[dict[str, Any]]) -> Any:
    """The document after the patch; KeyError or IndexError when a path is not there."""
    document = copy.deepcopy(document)
    for step in patch:
        if step["op"] == "move":
            _add(document, step["path"], _remove(document, step["from"]))
        elif step["op"] == "remove":
            _remove(document, step["path"])
        else:
            if step["op"] == "replace":
                _remove(document, step["path"])
            _add(document, step["path"], step["value"])
    return document
