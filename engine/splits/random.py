"""Rows drawn by chance."""

import numpy as np

from engine.dataset.content import Array
from engine.splits._parts import Parts, share

LABELS = "none"


def split(labels: Array | None, n: int, validation: float, test: float, seed: int) -> Parts:
    """Each row falls into a part by chance, the same for the same seed.

    The training part keeps at least one row; labels are not looked at.
    """
    del labels
    order = np.random.default_rng(seed).permutation(n)
    tested = min(share(n, test), max(0, n - 1))
    validated = min(share(n, validation), max(0, n - 1 - tested))
    return Parts(
        training=np.sort(order[tested + validated :]),
        validation=np.sort(order[tested : tested + validated]),
        test=np.sort(order[:tested]),
    )
