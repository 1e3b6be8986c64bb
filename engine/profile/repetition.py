"""Rows that occur more than once, wholly or in all but one column."""

from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Content
from engine.dataset.digests import Digests, of_column, of_series, placed
from engine.statistics.histogram import rows_of

_MOST_ROWS = 5_000_000
_EXAMPLES = 5
_CHANCE_ROWS = 5000

Rows = npt.NDArray[np.int64]


def repetition(content: Content, features: list[str], targets: list[str]) -> dict[str, Any]:
    """`duplicates` and, by target, `conflicts`; nothing is looked for above 5,000,000 rows.

    `duplicates`: `rows` beyond the first of their kind, `groups`, `share`, the rows `expected`
    by chance if columns were independent, `examples` of equal rows. `conflicts`: `rows` that equal
    others in every column but the target, in `groups` with more than one value of it.
    """
    if not features or not 1 < content.rows <= _MOST_ROWS:
        return {"duplicates": None, "conflicts": {}}
    total = np.zeros(content.rows, np.uint64)
    kept: dict[str, Digests] = {}
    for place, name in enumerate(features):
        share = placed(of_column(content, name), place)
        with np.errstate(over="ignore"):
            total += share
        if name in targets and len(features) > 1:
            kept[name] = share
    found, first = _duplicates(total)
    found["expected"] = _by_chance(content, features, first) if found["rows"] else 0.0
    return {"duplicates": found, "conflicts": _conflicts(total, kept)}


def _duplicates(total: Digests) -> tuple[dict[str, Any], Rows]:
    """What is told of equal rows, and the rows that are the first of their kind."""
    if not _repeats(total):
        return {"rows": 0, "groups": 0, "share": 0.0, "examples": []}, np.arange(len(total))
    _, first, inverse, counts = np.unique(
        total, return_index=True, return_inverse=True, return_counts=True
    )
    groups = np.flatnonzero(counts > 1)
    surplus = int((counts[groups] - 1).sum())
    chosen = groups[np.argsort(first[groups])][:_EXAMPLES]
    examples = [
        [int(row) for row in np.flatnonzero(inverse == group)[:_EXAMPLES]] for group in chosen
    ]
    found = {
        "rows": surplus,
        "groups": len(groups),
        "share": round(surplus / len(total), 6),
        "examples": examples,
    }
    return found, first


def _by_chance(content: Content, features: list[str], first: Rows) -> float:
    """The equal rows to be expected if columns were independent, by rows that differ."""
    chosen = rows_of(len(first), _CHANCE_ROWS)
    rows = np.sort(first if chosen is None else first[chosen])
    log_chance = 0.0
    for name in features:
        if name in content.images or name in content.tensors:
            return 0.0
        log_chance += _log_collision(of_series(content.series(name).gather(rows)))
    pairs = content.rows * (content.rows - 1) / 2
    return round(min(pairs * float(np.exp(log_chance)), content.rows), 3)


def _conflicts(total: Digests, shares: dict[str, Digests]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, share in shares.items():
        with np.errstate(over="ignore"):
            rest = total - share
        if not _repeats(rest):
            continue
        _, inverse, counts = np.unique(rest, return_inverse=True, return_counts=True)
        repeated = np.flatnonzero(counts[inverse] > 1)
        kinds = np.unique(np.stack([inverse[repeated], _codes(share[repeated])]), axis=1)[0]
        torn = np.flatnonzero(np.bincount(kinds, minlength=len(counts)) > 1)
        if len(torn):
            rows = np.flatnonzero(np.isin(inverse, torn[:1]))[:_EXAMPLES]
            found[name] = {
                "rows": int(counts[torn].sum()),
                "groups": len(torn),
                "share": round(float(counts[torn].sum() / len(rest)), 6),
                "example": [int(row) for row in rows],
            }
    return found


def _repeats(values: Digests) -> bool:
    """Whether any number occurs twice; sorting tells it faster than counting."""
    ordered = np.sort(values)
    return bool((ordered[1:] == ordered[:-1]).any())


def _codes(values: Digests) -> Any:
    return np.unique(values, return_inverse=True)[1]


def _log_collision(digests: Digests) -> float:
    """The logarithm of the chance that two rows have the same value here."""
    size = len(digests)
    if size < 2:
        return 0.0
    counts = np.unique(digests, return_counts=True)[1]
    pairs = float((counts * (counts - 1.0)).sum()) / (size * (size - 1.0))
    return float(np.log(max(pairs, 1.0 / (size * size))))
