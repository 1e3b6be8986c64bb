"""Yes or no by a threshold, and how far probabilities can be believed."""

import numpy as np

from engine.dataset.content import Array

_STEPS = 19
_BINS = 10


def table(positive: Array, scores: Array) -> list[dict[str, float]]:
    """Precision, recall, F1 and accuracy where a score of at least the threshold means yes."""
    found = []
    for threshold in np.linspace(0, 1, _STEPS + 2)[1:-1]:
        yes = scores >= threshold
        hits, said = float((yes & positive).sum()), float(yes.sum())
        there = float(positive.sum())
        found.append(
            {
                "threshold": round(float(threshold), 3),
                "precision": hits / said if said else 0.0,
                "recall": hits / there if there else 0.0,
                "f1": 2 * hits / (said + there) if said + there else 0.0,
                "accuracy": float((yes == positive).mean()),
            }
        )
    return found


def calibration(positive: Array, scores: Array) -> list[dict[str, float]]:
    """By tenth of the score: the mean score, and the share of positive rows, where there are any.

    In a calibrated network both are the same.
    """
    place = np.clip((scores * _BINS).astype(int), 0, _BINS - 1)
    found = []
    for bin_ in range(_BINS):
        inside = place == bin_
        if inside.any():
            found.append(
                {
                    "lower": bin_ / _BINS,
                    "upper": (bin_ + 1) / _BINS,
                    "predicted": float(scores[inside].mean()),
                    "observed": float(positive[inside].mean()),
                    "rows": int(inside.sum()),
                }
            )
    return found
