"""Labels that all neighbours contradict."""

import numpy as np

from .pairs import Sample

_MOST_ROWS = 2000
_LEAST_ROWS = 100
_MOST_FEATURES = 50
_NEIGHBOURS = 5

Votes = dict[str, float]


def outvoted(sample: Sample, features: list[str], targets: list[str]) -> dict[str, Votes]:
    """By target of classes the share of rows whose five nearest rows all bear one other label.

    `{"share", "agreeing"}`, the latter being the share of rows whose neighbours all bear theirs.

    Only for datasets of up to 2,000 rows and 2 to 50 columns of numbers, standardised; rows with
    missing values are left out (Wilson's editing rule, 1972, asked of all neighbours).
    """
    numbers = [name for name in features if name in sample.flat and sample.is_number(name)]
    found: dict[str, Votes] = {}
    if not _LEAST_ROWS <= sample.size <= _MOST_ROWS:
        return found
    for target in targets:
        own = [name for name in numbers if name != target]
        if sample.has_classes(target) and 2 <= len(own) <= _MOST_FEATURES and len(found) < 3:
            votes = _votes(sample, own, target)
            if votes is not None:
                found[target] = votes
    return found


def _votes(sample: Sample, names: list[str], target: str) -> Votes | None:
    values = np.stack([sample.numbers(name) for name in names], axis=1)
    labels = sample.codes(target)
    whole = np.isfinite(values).all(axis=1)
    values, labels = values[whole], labels[whole]
    if len(values) < _LEAST_ROWS:
        return None
    with np.errstate(all="ignore"):
        scaled = (values - values.mean(axis=0)) / np.maximum(values.std(axis=0), 1e-12)
        squares = np.square(scaled).sum(axis=1)
        distances = squares[:, None] + squares[None] - 2 * scaled @ scaled.T
    np.fill_diagonal(distances, np.inf)
    nearest = labels[np.argpartition(distances, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]]
    united = (nearest == nearest[:, :1]).all(axis=1)
    own = nearest[:, 0] == labels
    shares = {"share": united & ~own, "agreeing": united & own}
    return {name: round(float(rows.mean()), 6) for name, rows in shares.items()}
