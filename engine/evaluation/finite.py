"""Numbers as JSON has them."""

import math
from typing import Any

import numpy as np


def finite(value: Any) -> Any:
    """Plain lists, dicts and numbers; NaN and the infinities become None."""
    if isinstance(value, dict):
        return {key: finite(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [finite(member) for member in value]
    if isinstance(value, np.ndarray):
        return finite(value.tolist())
    if isinstance(value, np.generic):
        return finite(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
