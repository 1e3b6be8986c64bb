"""Rows drawn by chance, each class in the same proportion."""

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Array
from engine.splits import random
from engine.splits._parts import Parts, share

LABELS = "classes"

Counts = npt.NDArray[np.int64]


def split(labels: Array | None, n: int, validation: float, test: float, seed: int) -> Parts:
    """Every part holds each class in the proportion of the whole, as far as whole rows allow.

    `labels` are the class numbers. Every class keeps at least one row for training: a class of
    one row is only trained on, one of two rows is in one other part at most. What rounding
    leaves goes to the classes with the largest remainders. Without labels, as `random`.
    """
    if labels is None:
        return random.split(labels, n, validation, test, seed)
    rng = np.random.default_rng(seed)
    groups = [rng.permutation(np.flatnonzero(labels == value)) for value in np.unique(labels)]
    sizes = np.array([len(group) for group in groups], np.int64)
    tested = _shares(sizes, sizes - 1, share(n, test))
    validated = _shares(sizes, sizes - 1 - tested, share(n, validation))
    parts: tuple[list[Array], ...] = ([], [], [])
    for group, first, second in zip(groups, tested, tested + validated, strict=True):
        parts[0].append(group[second:])
        parts[1].append(group[first:second])
        parts[2].append(group[:first])
    training, validating, testing = (np.sort(np.concatenate(part)) for part in parts)
    return Parts(training, validating, testing)


def _shares(sizes: Counts, free: Counts, total: int) -> Counts:
    """How many rows each class gives to a part of `total` rows, never more than are free."""
    exact = sizes * (total / max(1, int(sizes.sum())))
    counts: Counts = np.minimum(np.floor(exact).astype(np.int64), free)
    while (lacking := total - int(counts.sum())) > 0:
        open_classes = np.flatnonzero(counts < free)
        if not len(open_classes):
            break
        remainders = (exact - counts)[open_classes]
        order = open_classes[np.argsort(-remainders, kind="stable")]
        counts[order[:lacking]] += 1
    return counts
