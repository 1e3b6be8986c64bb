"""What the pieces of single numbers share."""

import numpy as np

from engine.encodings._base import Values
from engine.encodings._numbers import Numeric


def filled(values: Values, fill: float) -> Values:
    """Numbers with `fill` in the place of missing ones."""
    return np.where(np.isnan(values), fill, values)


def beside(scaled: Values, values: Values, flag: bool) -> Values:
    """float32[rows, 1]; with `flag` [rows, 2], whose second is 1 where a value was missing."""
    largest = float(np.finfo(np.float32).max)
    limited = np.clip(scaled, -largest, largest)
    return np.stack([limited, np.isnan(values)][: 1 + flag], axis=1).astype(np.float32)


def filling(encoding: Numeric) -> dict[str, object]:
    """The arguments that every encoding of numbers has."""
    return {"fill": encoding.state()["fill"], "flag": encoding.missing == "flag"}
