"""Features that tell another column without error, or nearly so."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dataset.canonical import flat_values
from engine.dataset.content import Array, Content
from engine.dataset.schema import Schema
from engine.encodings._base import as_text
from engine.statistics.histogram import rows_of

ROWS = 5000
LEAST_ROWS = 30
NEARLY = 0.99
_MOST_CLASSES = 100
_MOST_TOLD = 50
_SAME = 1 - 1e-9

Codes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Sample:
    """Some rows of the flat columns, as codes and as numbers."""

    def __init__(self, content: Content, schema: Schema, names: list[str]) -> None:
        rows = rows_of(schema.rows, ROWS)
        self.rows = np.arange(schema.rows) if rows is None else rows
        self.columns = {column.name: column for column in schema.columns}
        self.flat = {
            name: flat_values(content.series(name).gather(self.rows))
            for name in dict.fromkeys(names)
            if self.columns[name].flat
        }
        self._codes: dict[str, Codes] = {}
        self._orders: dict[str, Codes] = {}

    def has_classes(self, name: str) -> bool:
        """Whether the column is one of few values, not one of numbers along a line."""
        column = self.columns[name]
        if column.kind in ("category", "boolean"):
            return True
        return column.kind == "integer" and (column.distinct or 0) <= 20

    def is_number(self, name: str) -> bool:
        """Whether the values have an order that means something."""
        return self.columns[name].kind in ("number", "integer")

    def codes(self, name: str) -> Codes:
        """A number for each distinct value, missing ones included."""
        if name not in self._codes:
            self._codes[name] = codes_of(self.flat[name])
        return self._codes[name]

    def numbers(self, name: str) -> Floats:
        """The values as numbers."""
        return np.asarray(self.flat[name].astype(np.float64))

    def order(self, name: str) -> Codes:
        """The rows in the order of a column's numbers, missing ones last."""
        if name not in self._orders:
            self._orders[name] = np.argsort(self.numbers(name), kind="stable")
        return self._orders[name]

    @cached_property
    def size(self) -> int:
        """The number of rows."""
        return len(self.rows)


def codes_of(values: Array) -> Codes:
    """A number for each distinct value of a flat column."""
    if values.dtype.kind in "iufb":
        return np.unique(values, return_inverse=True)[1].astype(np.int64)
    texts = np.array(["" if text is None else f"={text}" for text in as_text(values)])
    return np.unique(texts, return_inverse=True)[1].astype(np.int64)


def associations(
    sample: Sample, features: list[str], targets: list[str]
) -> dict[str, list[dict[str, Any]]]:
    """By target the features that tell it: `{"feature", "score", "copied"}`, the best first.

    `score` is 1 without error and 0 for what the most frequent class or the mean would do; it is
    measured on rows left out: each is told from the others (by equal values of a category, by the
    nearest number). `copied` are columns that hold the same, under other names or in another unit.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    if sample.size < LEAST_ROWS:
        return found
    for target in targets:
        told: list[dict[str, Any]] = []
        for feature in features:
            if feature != target and feature in sample.flat:
                score = tells(sample, feature, target)
                if score >= NEARLY:
                    entry = {"feature": feature, "score": round(score, 6)}
                    told.append({**entry, "copied": copied(sample, feature, target)})
        if told:
            told.sort(key=lambda one: (not one["copied"], -one["score"]))
            found[target] = told[:_MOST_TOLD]
    return found


def tells(sample: Sample, feature: str, target: str) -> float:
    """How well a feature alone tells a target, 0 to 1; see `associations`."""
    by_order = sample.is_number(feature)
    if sample.has_classes(target):
        labels = sample.codes(target)
        classes = int(labels.max()) + 1
        if not 2 <= classes <= _MOST_CLASSES:
            return 0.0
        wrong = (
            _wrong_by_order(labels[sample.order(feature)], classes)
            if by_order and not sample.has_classes(feature)
            else _wrong_by_value(sample.codes(feature), labels, classes)
        )
        base = sample.size - int(np.bincount(labels).max())
        return max(0.0, 1 - wrong / base) if base >= 5 else 0.0
    if not sample.is_number(target) or not by_order:
        return 0.0
    ranks = sample.codes(target).astype(np.float64)[sample.order(feature)]
    spread = float(np.square(ranks - ranks.mean()).sum())
    if spread == 0:
        return 0.0
    guess = (ranks[:-2] + ranks[2:]) / 2
    return max(0.0, 1 - float(np.square(ranks[1:-1] - guess).sum()) / spread)


def copied(sample: Sample, feature: str, target: str) -> bool:
    """Whether two columns hold the same: one value for one value, or one line of numbers."""
    one, other = sample.codes(feature), sample.codes(target)
    pairs = len(np.unique(one * (int(other.max()) + 1) + other))
    if pairs != int(one.max()) + 1 or pairs != int(other.max()) + 1:
        return False
    if sample.has_classes(target):
        return True
    x, y = sample.numbers(feature), sample.numbers(target)
    present = np.isfinite(x) & np.isfinite(y)
    if present.sum() < LEAST_ROWS:
        return False
    with np.errstate(all="ignore"):
        return bool(abs(np.corrcoef(x[present], y[present])[0, 1]) >= _SAME)


def _wrong_by_order(labels: Codes, classes: int) -> int:
    """Rows in the order of the feature whose neighbours bear another label.

    Two at each border between two classes are forgiven: a clean cut has no less.
    """
    same = labels[1:] == labels[:-1]
    right = np.zeros(len(labels), dtype=bool)
    right[1:-1] = same[1:] & same[:-1]
    right[0], right[-1] = same[0], same[-1]
    return max(0, int((~right).sum()) - 2 * (classes - 1))


def _wrong_by_value(codes: Codes, labels: Codes, classes: int) -> int:
    """Rows whose label is not the most frequent one of the other rows with the same value."""
    values = int(codes.max()) + 1
    if values > len(codes) // 2:
        return len(codes)
    table = np.bincount(codes * classes + labels, minlength=values * classes)
    table = table.reshape(values, classes)
    best = np.sort(table, axis=1)
    first, second = best[:, -1], best[:, -2]
    told = (first > second + 1) | ((second == 0) & (first > 1))  # also without the row itself
    return int(len(codes) - first[told].sum())
