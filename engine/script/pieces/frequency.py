"""Categories by how often they occur."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings.frequency import Frequency

NEEDS = (_absent, missing, spell, as_text)


def frequency(values: Values, shares: dict[str, float], absent: float) -> Values:
    """float32[rows, 1]: the share of each value, 0 of unknown ones."""
    found = [absent if text is None else shares.get(text, 0.0) for text in as_text(values)]
    return np.array(found, np.float32)[:, None]


def arguments(encoding: Frequency) -> dict[str, Any]:
    """The shares of the training part."""
    state = encoding.state()
    return {"shares": state["shares"], "absent": state["absent"]}
