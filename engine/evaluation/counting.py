"""What was taken for what: counts of classes, and precision, recall and F1 by them."""

from typing import Any

import numpy as np

from engine.dataset.content import Array

_MATRIX_CLASSES = 50
_MOST_PAIRS = 20


class Confusion:
    """Counts of (true, predicted) pairs of class numbers, however many classes there are."""

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self._pairs = np.empty(0, np.int64)
        self._counts = np.empty(0, np.int64)

    def add(self, true: Array, predicted: Array) -> None:
        """Count more pairs."""
        pairs, counts = np.unique(
            true.astype(np.int64) * self.classes + predicted, return_counts=True
        )
        merged, places = np.unique(np.concatenate([self._pairs, pairs]), return_inverse=True)
        both = np.concatenate([self._counts, counts])
        self._counts = np.bincount(places, weights=both, minlength=len(merged)).astype(np.int64)
        self._pairs = merged

    def _sum(self, numbers: Array, counts: Array) -> Array:
        return np.bincount(numbers, weights=counts, minlength=self.classes)[: self.classes]

    @property
    def support(self) -> Array:
        """`[classes]`: how many rows are of each class."""
        return self._sum(self._pairs // self.classes, self._counts)

    @property
    def predicted(self) -> Array:
        """`[classes]`: how many rows were taken for each class."""
        return self._sum(self._pairs % self.classes, self._counts)

    @property
    def hits(self) -> Array:
        """`[classes]`: how many rows of each class were taken for it."""
        right = self._pairs // self.classes == self._pairs % self.classes
        return self._sum(self._pairs[right] // self.classes, self._counts[right])

    def matrix(self) -> list[list[int]] | None:
        """Counts by true class (rows) and predicted class; None for very many classes."""
        if self.classes > _MATRIX_CLASSES:
            return None
        whole = np.zeros(self.classes**2, np.int64)
        whole[self._pairs] = self._counts
        found: list[list[int]] = whole.reshape(self.classes, self.classes).tolist()
        return found

    def mistakes(self, labels: list[Any]) -> list[dict[str, Any]]:
        """The most frequent wrong pairs."""
        wrong = np.flatnonzero(self._pairs // self.classes != self._pairs % self.classes)
        most = wrong[np.argsort(-self._counts[wrong], kind="stable")][:_MOST_PAIRS]
        return [
            {
                "true": labels[self._pairs[place] // self.classes],
                "predicted": labels[self._pairs[place] % self.classes],
                "count": int(self._counts[place]),
            }
            for place in most
        ]


def scores_of(hits: Array, predicted: Array, support: Array) -> dict[str, Array]:
    """Precision, recall and F1 of each class; 0 where it was never predicted or never there."""
    return {
        "precision": _share(hits, predicted),
        "recall": _share(hits, support),
        "f1": _share(2 * hits, predicted + support),
    }


def averages_of(scores: dict[str, Array], support: Array, seen: Array) -> dict[str, Any]:
    """Macro: the mean over the classes that occur (`seen`). Weighted: by their support."""
    weights = support / max(1, support.sum())
    return {
        "macro": {name: float(values[seen].mean()) for name, values in scores.items()},
        "weighted": {name: float((values * weights).sum()) for name, values in scores.items()},
    }


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)
