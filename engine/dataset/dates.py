"""Readings of dates: ISO 8601 in its common forms, and day, month and year with `/`, `-` or `.`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.dataset.canonical import flat_values
from engine.dataset.reading import Reading, convert

if TYPE_CHECKING:
    import polars as pl

_TURNED = r"^\d{1,2}[/-]\d{1,2}[/-]\d{4}"
_DOTTED = r"^\d{1,2}\.\d{1,2}\.\d{4}"
_TIME = r"[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$"
_CLOCKS = ("%H:%M:%S%.f", "%H:%M")


def _only(words: "pl.Series", pattern: str) -> "pl.Series":
    """The words that match; null for the others."""
    return words.set(~words.str.contains(pattern), None)


def _day(words: "pl.Series") -> "pl.Series":
    return words.str.to_date("%Y-%m-%d", strict=False)


def _plain_day(words: "pl.Expr") -> "pl.Expr":
    return words.str.to_date("%Y-%m-%d", strict=False)


def _moment(words: "pl.Series") -> "pl.Series":
    """ISO moments without a zone as they stand, those with one in UTC."""
    naive = words.str.replace("T", " ", literal=True)
    found = _parsed(naive, "%Y-%m-%d %H:%M:%S%.f")
    left = found.is_null() & words.is_not_null()
    if not left.any():
        return found
    rest = naive.str.replace(r"\s*[zZ]$", "+00:00").set(~left, None)
    return found.zip_with(found.is_not_null(), _rare(rest))


def _rare(words: "pl.Series") -> "pl.Series":
    import polars as pl

    found = _parsed(words, "%Y-%m-%d %H:%M")
    day = _day(words).cast(pl.Datetime("us"))
    found = found.zip_with(found.is_not_null(), day)
    for form in ("%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%d %H:%M%#z"):
        zoned = words.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
        found = found.zip_with(found.is_not_null(), zoned.dt.replace_time_zone(None))
    return found


def _parsed(words: "pl.Series", form: str) -> "pl.Series":
    return words.str.to_datetime(form, strict=False, time_unit="us")


def _written(pattern: str, form: str) -> Callable[["pl.Series"], "pl.Series"]:
    """Reads days of one pattern; `form` has slashes."""

    def read(words: "pl.Series") -> "pl.Series":
        slashed = _only(words, pattern + "$").str.replace_all(r"[.-]", "/")
        return slashed.str.to_date(form, strict=False)

    return read


def _written_moment(pattern: str, form: str) -> Callable[["pl.Series"], "pl.Series"]:
    """Reads days of one pattern with a time of day; `form` has slashes."""

    def read(words: "pl.Series") -> "pl.Series":
        kept = _only(words, pattern + _TIME)
        slashed = kept.str.replace(r"^(\d+)[./-](\d+)[./-](\d+)[ T]+", "$1/$2/$3 ")
        found = _parsed(slashed, f"{form} {_CLOCKS[0]}")
        return found.zip_with(found.is_not_null(), _parsed(slashed, f"{form} {_CLOCKS[1]}"))

    return read


def _either(words: "pl.Series") -> "pl.Series":
    """The words that are a date whether the day or the month comes first."""
    read = [_written(_TURNED, form) for form in ("%d/%m/%Y", "%m/%d/%Y")]
    read += [_written_moment(_TURNED, form) for form in ("%d/%m/%Y", "%m/%d/%Y")]
    day, month, day_time, month_time = (attempt(words) for attempt in read)
    both = (day.is_not_null() & month.is_not_null()) | (
        day_time.is_not_null() & month_time.is_not_null()
    )
    return words.set(~both, None)


DATES = (
    Reading("dates", "Date", _day, plain=_plain_day),
    Reading("moments", "Datetime", _moment),
    Reading(
        "dates that may have the day or the month first",
        "String",
        _either,
        "every date fits with the day first and with the month first, so that it is kept as text;"
        " write dates as 2024-12-31",
    ),
    Reading("dates, the day first", "Date", _written(_TURNED, "%d/%m/%Y")),
    Reading("dates, the month first", "Date", _written(_TURNED, "%m/%d/%Y")),
    Reading("dates with points", "Date", _written(_DOTTED, "%d/%m/%Y")),
    Reading("moments, the day first", "Datetime", _written_moment(_TURNED, "%d/%m/%Y")),
    Reading("moments, the month first", "Datetime", _written_moment(_TURNED, "%m/%d/%Y")),
    Reading("moments with points", "Datetime", _written_moment(_DOTTED, "%d/%m/%Y")),
)
SPELT = tuple(reading for reading in DATES if reading.dtype != "String")
"""The readings that make dates of words."""


def as_written(word: str, name: str) -> tuple[bool, str | None]:
    """Whether a word fits the reading of this name, and its date as datasets keep it.

    The date is None where the word stands for a missing value.
    """
    import polars as pl

    (reading,) = (reading for reading in SPELT if reading.name == name)
    values, unread = convert(pl.Series([word]), reading)
    return not len(unread), flat_values(values)[0]
