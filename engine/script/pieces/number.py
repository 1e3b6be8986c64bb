"""Numbers as they are."""

from typing import Any

from engine.encodings._base import Values
from engine.encodings._numbers import numbers
from engine.encodings.number import Number
from engine.script.pieces._numbers import beside, filled, filling

NEEDS = (numbers, filled, beside)


def number(values: Values, fill: float, flag: bool) -> Values:
    """The number itself."""
    read = numbers(values)
    return beside(filled(read, fill), read, flag)


def arguments(encoding: Number) -> dict[str, Any]:
    """What fills."""
    return filling(encoding)
