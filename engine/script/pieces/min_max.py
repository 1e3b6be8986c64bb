"""Numbers brought to a range."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.min_max import MinMax
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside)


def min_max(
    values: Values,
    minimum: float,
    maximum: float,
    low: float,
    high: float,
    clip: bool,
    fill: float,
    flag: bool,
) -> Values:
    """The smallest number becomes `low`, the largest `high`."""
    read = numbers(values)
    span = (maximum / 2 - minimum / 2) or 0.5
    scaled = low + (filled(read, fill) / 2 - minimum / 2) / span * (high - low)
    return beside(np.clip(scaled, low, high) if clip else scaled, read, flag)


def arguments(encoding: MinMax) -> dict[str, Any]:
    """The range found, the range wanted, and what fills."""
    state = encoding.state()
    return {
        "minimum": state["minimum"],
        "maximum": state["maximum"],
        "low": encoding.low,
        "high": encoding.high,
        "clip": encoding.clip,
        **filling(encoding),
    }
