"""Parts that a column names."""

import numpy as np

from engine.dataset.content import Array
from engine.faults import Fault
from engine.splits._parts import Parts

LABELS = "words"

WORDS = {
    "training": ("training", "train"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("test", "testing", "holdout"),
}
"""What a column may say of a row, in any case, by the part that it means."""


def split(labels: Array | None, n: int, validation: float, test: float, seed: int) -> Parts:
    """Each row is in the part that its word names; fractions and seed do not matter.

    Raises Fault("data-error") for other words, and when no row is left to train on.
    """
    del n, validation, test, seed
    if labels is None:
        raise Fault("data-error", "A split by column needs a column.")
    words = np.array([str(word).strip().lower() for word in labels])
    known = {word for meant in WORDS.values() for word in meant}
    unknown = sorted(set(words) - known)
    if unknown:
        listed = ", ".join(map(repr, unknown[:5]))
        raise Fault("data-error", f"The split column says {listed}; it may say {sorted(known)}.")
    parts = {part: np.flatnonzero(np.isin(words, meant)) for part, meant in WORDS.items()}
    if not len(parts["training"]):
        raise Fault("data-error", "The split column names no row for training.")
    return Parts(**parts)
