"""Groups drawn by chance, each whole in one part."""

import numpy as np

from engine.dataset.content import Array
from engine.splits import random
from engine.splits._parts import Parts, share

LABELS = "column"


def split(labels: Array | None, n: int, validation: float, test: float, seed: int) -> Parts:
    """All rows of a group are in one part, so that nothing is known of a held-out group.

    `labels` are the numbers of the groups. Groups are drawn until a part has its share of rows:
    it may have more by a part of the last group. One group is always left for training. Without
    labels, as `random`.
    """
    if labels is None:
        return random.split(labels, n, validation, test, seed)
    groups, sizes = np.unique(labels, return_counts=True)
    drawn = np.random.default_rng(seed).permutation(len(groups))
    parts: dict[str, list[int]] = {"test": [], "validation": []}
    for name, wanted in (("test", share(n, test)), ("validation", share(n, validation))):
        held = 0
        while held < wanted and len(drawn) > 1:
            held += int(sizes[drawn[0]])
            parts[name].append(int(groups[drawn[0]]))
            drawn = drawn[1:]
    tested, validated = (np.isin(labels, parts[name]) for name in ("test", "validation"))
    rows = np.arange(n)
    return Parts(rows[~tested & ~validated], rows[validated], rows[tested])
