"""Dates as the parts of the calendar and the clock."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values
from engine.encodings._moments import Moments, moments
from engine.encodings._numbers import moments as mean_and_std
from engine.faults import Fault

Part = Literal[
    "elapsed", "year", "quarter", "month", "week", "day_of_year", "day", "weekday", "weekend",
    "hour", "minute", "second",
]  # fmt: skip

_DATE: tuple[Part, ...] = ("year", "month", "day", "weekday")
CYCLES: dict[str, tuple[float, ...]] = {
    "quarter": (1, 4),
    "month": (1, 12),
    "week": (1, 53),
    "day_of_year": (1, 366),
    "day": (1, 31),
    "weekday": (0, 7),
    "hour": (0, 24),
    "minute": (0, 60),
    "second": (0, 60),
}
"""First value and length of the parts that come again and again."""


class Date(Encoding):
    """A date becomes the numbers of the calendar and the clock that `parts` names.

    Parts that come again (month, weekday, hour, …) become sine and cosine of their angle, so that
    December lies beside January; with `cycles` false one number from 0 to 1. `year` and `elapsed`
    (days, with fractions) are centred and scaled by mean and deviation of the training part;
    `weekend` is 0 or 1. Left out, the parts are year, month, day and weekday, and the hour where
    there are times. Weeks are those of ISO 8601. Times with an offset are brought to UTC.
    """

    kinds = frozenset({"date"})

    parts: list[Part] | None = Field(
        default=None, min_length=1, max_length=12, description="which parts, in this order"
    )
    cycles: bool = Field(default=True, description="whether parts that come again are circles")
    missing: Literal["zero", "flag", "refuse"] = Field(
        default="zero",
        description="what a missing date becomes: zeros (the mean, the middle of circles), flag "
        "(zeros, and one more column is 1 there), refuse (an error)",
    )
    _parts: list[str] = []
    _scales: dict[str, list[float]] = {}

    def complaint(self, column: Column) -> str | None:
        """Times of day and durations, which have no calendar; and what `refuse` does not allow."""
        found = super().complaint(column)
        if found is None and not column.dtype.startswith("date"):
            return f"Column {column.name!r} holds {column.dtype} values, which are no dates."
        if found is None and self.missing == "refuse" and column.missing:
            return f"Column {column.name!r} has {column.missing} missing values."
        return found

    def output(self, column: Column) -> tuple[Shape, str]:
        """One or two floats for each part, and one for `flag`."""
        widths = [2 if self.cycles and part in CYCLES else 1 for part in self._chosen(column)]
        return (sum(widths) + (self.missing == "flag"),), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Settle the parts; learn mean and deviation of year and elapsed days."""
        self._parts = list(self._chosen(column))
        given = moments(values)
        present = given[~np.isnat(given)]
        self._scales = {}
        for part in {"year", "elapsed"} & set(self._parts):
            learned = mean_and_std(number_of(part, present)) if len(present) else (0.0, 1.0)
            self._scales[part] = list(learned)

    def transform(self, values: Values) -> Values:
        """`float32[rows, …]`."""
        given = moments(values)
        gone = np.isnat(given)
        if self.missing == "refuse" and gone.any():
            raise Fault("data-error", f"{int(gone.sum())} dates are missing.")
        filled = np.where(gone, np.datetime64(0, "us"), given)
        columns = [column for part in self._parts for column in self._columns(part, filled)]
        encoded = np.stack(columns, axis=1)
        encoded[gone] = 0
        if self.missing == "flag":
            encoded = np.concatenate([encoded, gone[:, None]], axis=1)
        return encoded.astype(np.float32)

    def _chosen(self, column: Column) -> tuple[str, ...]:
        if self.parts is not None:
            return tuple(self.parts)
        return _DATE if column.dtype == "date" else (*_DATE, "hour")

    def _columns(self, part: str, given: Moments) -> list[Values]:
        scale, span = self._scales.get(part, []), CYCLES.get(part, ())
        return spread(number_of(part, given), scale, span, self.cycles)


def since(given: Moments, unit: str, within: str) -> Values:
    """How many whole units have passed since the larger unit began."""
    begun = given.astype(f"datetime64[{within}]").astype(f"datetime64[{unit}]")
    return np.asarray((given.astype(f"datetime64[{unit}]") - begun).astype(np.float64))


def weekday(given: Moments) -> Values:
    """0 for Monday: 1970-01-01 was a Thursday."""
    return np.asarray((given.astype("datetime64[D]").astype(np.int64) + 3) % 7)


def week(given: Moments) -> Values:
    """A week belongs to the year in which its Thursday lies."""
    days = given.astype("datetime64[D]")
    thursday = days + (3 - weekday(given)).astype("timedelta64[D]")
    return 1 + since(thursday, "D", "Y") // 7


def number_of(part: str, given: Moments) -> Values:
    """The number of a part of the calendar or the clock."""
    ways: dict[str, Callable[[], Values]] = {
        "elapsed": lambda: given.astype(np.int64) / 86_400_000_000,
        "year": lambda: 1970 + given.astype("datetime64[Y]").astype(np.int64),
        "quarter": lambda: 1 + since(given, "M", "Y") // 3,
        "month": lambda: 1 + since(given, "M", "Y"),
        "week": lambda: week(given),
        "day_of_year": lambda: 1 + since(given, "D", "Y"),
        "day": lambda: 1 + since(given, "D", "M"),
        "weekday": lambda: weekday(given),
        "weekend": lambda: weekday(given) >= 5,
        "hour": lambda: since(given, "h", "D"),
        "minute": lambda: since(given, "m", "h"),
        "second": lambda: since(given, "s", "m"),
    }
    return ways[part]().astype(np.float64)


def spread(
    number: Values, scale: list[float], span: tuple[float, ...], circle: bool
) -> list[Values]:
    """A part's columns: centred and scaled; as sine and cosine, or from 0 to 1, of its span."""
    if scale:
        return [(number - scale[0]) / scale[1]]
    if not span:
        return [number]
    if not circle:
        return [(number - span[0]) / (span[1] - 1)]
    angle = 2 * np.pi * (number - span[0]) / span[1]
    return [np.sin(angle), np.cos(angle)]
