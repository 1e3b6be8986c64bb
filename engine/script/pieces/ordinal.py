"""Categories with an order."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings.ordinal import Ordinal
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (_absent, missing, spell, as_text, filled, beside)


def ordinal(values: Values, order: list[str], fill: float, flag: bool) -> Values:
    """The place of a category in its order, from 0 to 1."""
    place = {text: float(number) for number, text in enumerate(order)}
    read = np.array([place.get(text or "\0", np.nan) for text in as_text(values)], np.float64)
    return beside(filled(read, fill) / (len(order) - 1), read, flag)


def arguments(encoding: Ordinal) -> dict[str, Any]:
    """The order, and what fills."""
    return {"order": encoding.order, **filling(encoding)}
