"""Held-out rows unlike those that are trained on."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.encodings._base import as_text

from ._base import Finding, Rule
from ._parts import Example, Parts

_FAR = 0.3
_LEAST_ROWS = 100
_MOST_TOLD = 20
_ORDERED = ("time", "group", "column")
_RNG = np.random.default_rng(0)


def _numbers(middle: float) -> list[float]:
    return [float(value) for value in _RNG.normal(middle, size=150)]


def _apart(one: Any, other: Any, by: str = "time") -> Example:
    return Example({"training": {"x": one}, "validation": {"x": other}}, ["x"], by=by)


class Drift(Rule):
    """A network answers for rows like those that it has learned from. Where a feature spreads
    otherwise in the held-out rows, the evaluation measures two things at once: the network, and how
    much the world has changed.
    """

    sets_off = (
        _apart(_numbers(0), _numbers(2)),
        _apart(["a", "b"] * 100, ["b", "c", "c"] * 50),
    )
    stays_quiet = (
        _apart(_numbers(0), _numbers(0)),
        _apart(["a", "b"] * 100, ["b", "a"] * 50),
        _apart(_numbers(0), _numbers(2), by="random"),
        _apart(_numbers(0), _numbers(2)[:20]),
    )

    def check(self, parts: Parts) -> Iterator[Finding]:
        """The largest distance of the distributions (Kolmogorov and Smirnov's; of categories half
        the sum of differences) above 0.3, for parts not drawn by chance and of 100 rows at least.
        """
        for name, part in parts.held_out():
            drawn = name not in parts.apart and parts.by not in _ORDERED
            if drawn or min(len(part), len(parts.training)) < _LEAST_ROWS:
                continue
            far = []
            for column in parts.columns(parts.features):
                if column.kind not in ("number", "integer", "category", "boolean"):
                    continue
                pair = (parts.training.values(column.name), part.values(column.name))
                ordered = column.kind in ("number", "integer")
                distance = _distance(*pair) if ordered else _variation(*pair)
                if distance > _FAR:
                    far.append((column.name, round(distance, 4)))
            if far:
                far.sort(key=lambda one: -one[1])
                shown = ", ".join(repr(one) for one, _ in far[:5])
                detail = f"The {name} part spreads otherwise than the training part in {shown}."
                evidence = {"part": name, "distances": dict(far[:_MOST_TOLD])}
                yield Finding(parts.place(name), detail, evidence)


def _distance(one: Array, other: Array) -> float:
    one, other = (np.sort(part.astype(np.float64)) for part in (one, other))
    one, other = (part[np.isfinite(part)] for part in (one, other))
    if not len(one) or not len(other):
        return 0.0
    every = np.concatenate([one, other])
    shares = [np.searchsorted(part, every, side="right") / len(part) for part in (one, other)]
    return float(np.abs(shares[0] - shares[1]).max())


def _variation(one: Array, other: Array) -> float:
    texts = [np.array([str(text) for text in as_text(part)]) for part in (one, other)]
    every = np.unique(np.concatenate(texts))
    shares = [
        np.bincount(np.searchsorted(every, text), minlength=len(every)) / len(text)
        for text in texts
    ]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)
