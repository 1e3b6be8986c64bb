"""How well scores put the positive rows first: ROC and precision-recall curves.

The definitions are those of Fawcett, "An introduction to ROC analysis" (2006), and of the average
precision without interpolation; scikit-learn's `roc_auc_score` and `average_precision_score`
give the same numbers.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dataset.content import Array

_MOST_POINTS = 120


@dataclass(frozen=True)
class Ranking:
    """The curves of one class against all others; None where rows of either sort are missing."""

    auc: float
    average_precision: float
    roc: tuple[Array, Array]
    pr: tuple[Array, Array]

    def roc_curve(self, label: Any) -> dict[str, Any]:
        """False positive rate and true positive rate, thinned out."""
        x, y = thinned(*self.roc)
        return {"label": label, "area": self.auc, "x": x, "y": y}

    def pr_curve(self, label: Any) -> dict[str, Any]:
        """Recall and precision, thinned out."""
        x, y = thinned(*self.pr)
        return {"label": label, "area": self.average_precision, "x": x, "y": y}


def rank(positive: Array, scores: Array) -> Ranking | None:
    """The ranking of `bool[rows]` by `float[rows]`; None when all or none are positive."""
    good = np.isfinite(scores)
    positive, scores = positive[good], scores[good]
    total = int(positive.sum())
    if not 0 < total < len(positive):
        return None
    order = np.argsort(-scores, kind="stable")
    hits, ranked = positive[order].astype(np.float64), scores[order]
    ends = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    true = np.cumsum(hits)[ends]
    false = 1 + ends - true
    recall, precision = true / total, true / (true + false)
    tpr = np.concatenate([[0.0], recall])
    fpr = np.concatenate([[0.0], false / (len(positive) - total)])
    average = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    pr = (np.concatenate([[0.0], recall]), np.concatenate([precision[:1], precision]))
    return Ranking(float(np.trapezoid(tpr, fpr)), average, (fpr, tpr), pr)


def thinned(x: Array, y: Array, most: int = _MOST_POINTS) -> tuple[Array, Array]:
    """At most so many points, evenly spaced along the curve, both ends included."""
    if len(x) > most:
        way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))])
        kept = np.searchsorted(way, np.linspace(0, way[-1], most))
        kept = np.unique(np.clip(kept, 0, len(x) - 1))
        kept[-1] = len(x) - 1
        x, y = x[kept], y[kept]
    return np.round(x, 5), np.round(y, 5)
