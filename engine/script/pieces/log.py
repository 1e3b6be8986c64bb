"""Numbers by their order of magnitude."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.log import Log, signed_log
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside, signed_log)


def log(
    values: Values, mean: float, std: float, fill: float, flag: bool, clip: float | None
) -> Values:
    """sign(x) * log(1 + |x|), minus its mean, divided by its deviation."""
    bent = signed_log(numbers(values))
    scaled = (filled(bent, fill) - mean) / std
    return beside(scaled if clip is None else np.clip(scaled, -clip, clip), bent, flag)


def arguments(encoding: Log) -> dict[str, Any]:
    """Mean, deviation, and what fills."""
    state = encoding.state()
    return {
        "mean": state["mean"],
        "std": state["std"],
        **filling(encoding),
        "clip": encoding.clip,
    }
