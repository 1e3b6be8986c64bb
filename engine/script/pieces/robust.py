"""Numbers centred and scaled by median and quartiles."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.robust import Robust
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside)


def robust(
    values: Values, median: float, iqr: float, fill: float, flag: bool, clip: float | None
) -> Values:
    """(x - median) / (distance of the quartiles)."""
    read = numbers(values)
    scaled = (filled(read, fill) - median) / iqr
    return beside(scaled if clip is None else np.clip(scaled, -clip, clip), read, flag)


def arguments(encoding: Robust) -> dict[str, Any]:
    """Median, distance, and what fills."""
    state = encoding.state()
    return {
        "median": state["median"],
        "iqr": state["iqr"],
        **filling(encoding),
        "clip": encoding.clip,
    }
