"""The outcome of a split."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Parts:
    """Row numbers of each part, sorted; together they are all rows, each once."""

    training: Rows
    validation: Rows
    test: Rows


def share(n: int, fraction: float) -> int:
    """How many of n rows a fraction is: rounded, at least one where both are positive."""
    if n == 0 or fraction <= 0:
        return 0
    return max(1, round(n * fraction))
