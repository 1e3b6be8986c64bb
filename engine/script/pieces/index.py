"""Categories as integers."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings.index import Index
from engine.script.pieces._categories import learned, places

NEEDS = (_absent, missing, spell, as_text, places)


def index(values: Values, **known: Any) -> Values:
    """int32[rows, 1]: categories from 1, 0 for none."""
    return (places(values, **known) + 1).astype(np.int32)[:, None]


def arguments(encoding: Index) -> dict[str, Any]:
    """The categories."""
    return learned(encoding)
