"""Curves as columns: aligned by x, thinned out evenly where there are too many points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.metric import Point


@dataclass(frozen=True)
class Columns:
    """Points of several curves over one x axis; None where a curve has no finite value."""

    x: list[int]
    values: dict[str, list[float | None]]
    nonfinite: list[dict[str, Any]]
    downsampled: bool


def columns(points: Sequence[Point], keys: Sequence[str], most: int | None) -> Columns:
    """Points as columns of at most `most` rows; the first and the last row are always kept."""
    by_place = {(point.x, point.key): point for point in points}
    every = sorted({point.x for point in points})
    kept = every if most is None else _thin(every, most)
    values: dict[str, list[float | None]] = {key: [] for key in keys}
    nonfinite: list[dict[str, Any]] = []
    for index, x in enumerate(kept):
        for key in keys:
            point = by_place.get((x, key))
            values[key].append(None if point is None else point.value)
            if point is not None and point.nonfinite is not None:
                nonfinite.append({"key": key, "index": index, "value": point.nonfinite})
    return Columns(kept, values, nonfinite, len(kept) < len(every))


def _thin(every: list[int], most: int) -> list[int]:
    """At most `most` elements, evenly spaced, both ends included."""
    if len(every) <= most:
        return every
    if most == 1:
        return every[-1:]
    last = len(every) - 1
    return [every[round(place * last / (most - 1))] for place in range(most)]
