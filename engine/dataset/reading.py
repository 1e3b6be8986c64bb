"""Ways to read the words of an untyped column: as booleans, numbers, dates or text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

MISSING_WORDS = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "-nan", "null", "<na>", "?"}
    | {"#n/a", "#na", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"}
)
"""Words (in lower case, without spaces around) that stand for a missing value in text tables."""

_LONGEST = max(len(word) for word in MISSING_WORDS)


@dataclass(frozen=True)
class Reading:
    """One way to read words.

    `read` takes words without spaces around and gives values of `dtype` (a type of polars), null
    where a word does not fit (NaN where it fits and means that there is no value). `note` is what
    is told when a column is read so.
    """

    name: str
    dtype: str
    read: Callable[["pl.Series"], "pl.Series"]
    note: str | None = None

    @property
    def type(self) -> Any:
        """The type of polars that all values have."""
        import polars as pl

        return pl.Datetime("us") if self.dtype == "Datetime" else getattr(pl, self.dtype)


def convert(words: "pl.Series", reading: Reading) -> tuple["pl.Series", "pl.Series"]:
    """The values of words under a reading, and the words that do not fit it."""
    stripped = words.str.strip_chars()
    values = reading.read(stripped)
    unread = stripped.filter(values.is_null() & stripped.is_not_null())
    if len(unread):
        unread = unread.filter(~is_missing(unread))
    if values.dtype.is_float() and values.is_nan().any():
        values = values.fill_nan(None)
    return values.rename(words.name), unread


def is_missing(stripped: "pl.Series") -> "pl.Series":
    """Which words (without spaces around) stand for a missing value."""
    return stripped.str.to_lowercase().is_in(sorted(MISSING_WORDS))


def _blank(words: "pl.Series") -> "pl.Series":
    import polars as pl

    return pl.Series([None], dtype=pl.String).extend_constant(None, len(words))[: len(words)]


def _text(words: "pl.Series") -> "pl.Series":
    short = words.str.len_bytes() <= _LONGEST
    if not short.any():
        return words
    return words.set(short & is_missing(words), None)


def _choice(yes: str, no: str) -> Callable[["pl.Series"], "pl.Series"]:
    def read(words: "pl.Series") -> "pl.Series":
        import polars as pl

        known = {yes: True, no: False}
        lower = words.str.to_lowercase()
        return lower.replace_strict(known, default=None, return_dtype=pl.Boolean)

    return read


def _leading_zeros(words: "pl.Series") -> "pl.Series | None":
    """Which words are digits that begin with a zero (codes, not numbers); None when none is."""
    suspects = words.str.starts_with("0") & (words.str.len_bytes() > 1)
    if not suspects.any():
        return None
    codes = suspects & words.str.contains(r"^0\d+$")
    return codes if codes.any() else None


def _integer(words: "pl.Series") -> "pl.Series":
    import polars as pl

    codes = _leading_zeros(words)
    values = words.cast(pl.Int64, strict=False)
    return values if codes is None else values.set(codes, None)


def number(words: "pl.Series") -> "pl.Series":
    """Words as floats; digits that begin with a zero are no numbers."""
    import polars as pl

    codes = _leading_zeros(words)
    values = words.cast(pl.Float64, strict=False)
    return values if codes is None else values.set(codes, None)


BLANK = Reading("nothing", "String", _blank)
"""Fits columns without any value; first of all, so that such columns stay without a type."""
INTEGER = Reading("integers", "Int64", _integer)
NUMBER = Reading("numbers", "Float64", number)
TEXT = Reading("text", "String", _text)
"""Fits everything; last of all."""
TRUTH = Reading("true and false", "Boolean", _choice("true", "false"))
ANSWERS = (
    Reading("yes and no", "Boolean", _choice("yes", "no")),
    Reading("y and n", "Boolean", _choice("y", "n")),
)
