"""Ways to read the words of an untyped column: as booleans, numbers, dates or text."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

MISSING_WORDS = frozenset(
    {"", "na", "n/a", "n.a.", "nan", "-nan", "null", "<na>", "?"}
    | {"#n/a", "#na", "#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"}
)
"""Words (without spaces around) that stand for a missing value in text tables: so, with a capital
letter, or in capitals; and NaN."""


def _forms(words: Iterable[str]) -> list[str]:
    """Words as people write them: small, with a capital letter, in capitals."""
    return sorted({form for word in words for form in (word, word.capitalize(), word.upper())})


MISSING = [*_forms(MISSING_WORDS), "NaN", "-NaN"]
_LONGEST = max(len(word) for word in MISSING_WORDS)


@dataclass(frozen=True)
class Reading:
    """One way to read words.

    `read` takes words and gives values of `dtype` (a type of polars), null
    where a word does not fit (NaN where it fits and means that there is no value). `note` is what
    is told when a column is read so. `plain` does the same within a query of polars, which is
    faster, for words as they mostly are: null where a word fits not, or not without a closer look.
    """

    name: str
    dtype: str
    read: Callable[["pl.Series"], "pl.Series"]
    note: str | None = None
    plain: Callable[["pl.Expr"], "pl.Expr"] | None = None

    @property
    def type(self) -> Any:
        """The type of polars that all values have."""
        import polars as pl

        return pl.Datetime("us") if self.dtype == "Datetime" else getattr(pl, self.dtype)


def convert(words: "pl.Series", reading: Reading) -> tuple["pl.Series", "pl.Series"]:
    """The values of words under a reading, and the words that do not fit it."""
    name, words = words.name, words.alias("value")  # methods of series take names for patterns
    values, unread = _attempt(words, reading)
    if len(unread):
        values, unread = _attempt(words.str.strip_chars(), reading)
    if values.dtype.is_float() and values.is_nan().any():
        values = values.fill_nan(None)
    return values.alias(name), unread


def _attempt(words: "pl.Series", reading: Reading) -> tuple["pl.Series", "pl.Series"]:
    values = reading.read(words)
    unread = words.filter(values.is_null() & words.is_not_null())
    return values, unread.filter(~is_missing(unread)) if len(unread) else unread


def is_missing(words: "pl.Series") -> "pl.Series":
    """Which words stand for a missing value, spaces around them or not."""
    return words.str.strip_chars().is_in(MISSING)


def _blank(words: "pl.Series") -> "pl.Series":
    import polars as pl

    return pl.Series([None], dtype=pl.String).extend_constant(None, len(words))[: len(words)]


def _text(words: "pl.Series") -> "pl.Series":
    stripped = words.str.strip_chars()
    short = stripped.str.len_bytes() <= _LONGEST
    absent = short & stripped.is_in(MISSING) if short.any() else short
    return stripped.set(absent, None) if absent.any() else stripped


def _choice(yes: str, no: str) -> Callable[["pl.Series"], "pl.Series"]:
    def read(words: "pl.Series") -> "pl.Series":
        true = words.is_in(_forms([yes]))
        other = ~true & ~words.is_in(_forms([no]))
        return true.set(other, None) if other.any() else true

    return read


def _integer(words: "pl.Series") -> "pl.Series":
    import polars as pl

    values = words.cast(pl.Int64, strict=False)
    zeros = words.str.starts_with("0") & (words.str.len_bytes() > 1)
    if not zeros.any():
        return values
    codes = zeros & words.str.contains(r"^0\d+$")
    return values.set(codes, None) if codes.any() else values


def _plain_integer(words: "pl.Expr") -> "pl.Expr":
    import polars as pl

    zero = words.str.starts_with("0") & (words.str.len_bytes() > 1)
    return pl.when(~zero).then(words.cast(pl.Int64, strict=False))


def _plain_number(words: "pl.Expr") -> "pl.Expr":
    import polars as pl

    return words.cast(pl.Float64, strict=False)


def _plain_text(words: "pl.Expr") -> "pl.Expr":
    import polars as pl

    stripped = words.str.strip_chars()
    return pl.when(~stripped.is_in(MISSING)).then(stripped)


def _plain_choice(yes: str, no: str) -> Callable[["pl.Expr"], "pl.Expr"]:
    def read(words: "pl.Expr") -> "pl.Expr":
        import polars as pl

        true, false = words.is_in(_forms([yes])), words.is_in(_forms([no]))
        return pl.when(true | false).then(true)

    return read


def _codes(words: "pl.Series") -> "pl.Series":
    return words.set(~words.str.contains(r"^\d{1,18}$"), None)


def number(words: "pl.Series") -> "pl.Series":
    """Words as floats, null where they are none."""
    import polars as pl

    return words.cast(pl.Float64, strict=False)


BLANK = Reading("nothing", "String", _blank)
"""Fits columns without any value; first of all, so that such columns stay without a type."""
INTEGER = Reading("integers", "Int64", _integer, plain=_plain_integer)
CODES = Reading("codes", "String", _codes)
"""Digits of which some begin with a zero: postal codes are no numbers. After integers."""
NUMBER = Reading("numbers", "Float64", number, plain=_plain_number)
TEXT = Reading("text", "String", _text, plain=_plain_text)
"""Fits everything; last of all."""
TRUTH = Reading(
    "true and false",
    "Boolean",
    _choice("true", "false"),
    plain=_plain_choice("true", "false"),
)
ANSWERS = (
    Reading("yes and no", "Boolean", _choice("yes", "no")),
    Reading("y and n", "Boolean", _choice("y", "n")),
)
