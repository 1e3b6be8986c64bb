"""Categories as vectors."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings.one_hot import OneHot
from engine.script.pieces._categories import learned, places

NEEDS = (_absent, missing, spell, as_text, places)


def one_hot(values: Values, width: int, **known: Any) -> Values:
    """float32[rows, width] with a 1 at the place of each category."""
    found = places(values, **known)
    rows = np.flatnonzero(found >= 0)
    encoded = np.zeros((len(found), width), np.float32)
    encoded[rows, found[rows]] = 1
    return encoded


def arguments(encoding: OneHot) -> dict[str, Any]:
    """The categories and how many places there are."""
    state = encoding.state()
    width = state["size"] + state["shared"] + (encoding.missing == "category")
    return {"width": width, **learned(encoding)}
