"""JSON documents as bytes that are the same for equal documents, to be digested or compared."""

import json
from typing import Any

import orjson


def canonical(document: Any) -> bytes:
    """A document without spaces, its keys in order; what JSON does not know is written as text."""
    try:
        return orjson.dumps(document, str, orjson.OPT_SORT_KEYS)
    except TypeError:  # integers beyond 64 bits, halves of surrogate pairs
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), default=str)
        return text.encode("utf-8", "surrogatepass")
