"""Numbers centred and scaled."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.standard import Standard
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside)


def standard(
    values: Values,
    mean: Any,
    std: Any,
    fill: float = 0.0,
    flag: bool = False,
    clip: float | None = None,
) -> Values:
    """(x - mean) / std; of arrays by the last axis, where what is missing becomes the mean."""
    if isinstance(mean, list):
        given = values[:, None] if values.ndim == 1 else values
        scaled = (np.array(given, np.float32) - np.array(mean, np.float32)) / np.array(
            std, np.float32
        )
        scaled[np.isnan(scaled)] = 0
        return scaled if clip is None else np.clip(scaled, -clip, clip)
    read = numbers(values)
    scaled = (filled(read, fill) - mean) / std
    return beside(scaled if clip is None else np.clip(scaled, -clip, clip), read, flag)


def arguments(encoding: Standard) -> dict[str, Any]:
    """Mean, deviation, and what fills."""
    state = encoding.state()
    return {
        "mean": state["mean"],
        "std": state["std"],
        **filling(encoding),
        "clip": encoding.clip,
    }
