"""Numbers as they are."""

from engine.encodings._base import Values
from engine.encodings._numbers import Numeric


class Number(Numeric):
    """A number as it is, as a float; what is missing is filled.

    For numbers that lie around -3 to 3 already, and for networks that scale by themselves.
    """

    def _scaled(self, values: Values) -> Values:
        return values
