"""Numbers by their rank."""

from typing import Any

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.quantile import Quantile, ranks
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside, ranks)


def quantile(values: Values, points: list[float], fill: float, flag: bool) -> Values:
    """The share of the training part's numbers that are smaller."""
    read = numbers(values)
    return beside(ranks(filled(read, fill), points), read, flag)


def arguments(encoding: Quantile) -> dict[str, Any]:
    """The quantiles of the training part, and what fills."""
    return {"points": encoding.state()["points"], **filling(encoding)}
