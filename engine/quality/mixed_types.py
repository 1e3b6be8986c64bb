"""Numbers and words in one column."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table, words

_LEAST = 0.1
_MOST = 0.7
_LEAST_ROWS = 20


class MixedTypes(Rule):
    """Where some rows hold numbers and some words, two things were probably written into one
    column, which then means neither.
    """

    severity = "hint"
    handling = "The column is taken for categories or text."
    sets_off = (table(note=words("12", "7.5", "late", "none"), x=noise()),)
    stays_quiet = (PLAIN, table(code=words("A1", "B2", "C3"), x=noise()))

    def check(self, data: Data) -> Iterator[Finding]:
        """Between a tenth and seven tenths of the words are numbers."""
        import polars as pl

        for column in data.columns("category", "text"):
            words = data.present(column).cast(pl.String).str.strip_chars()
            if len(words) < _LEAST_ROWS:
                continue
            share = 1 - words.cast(pl.Float64, strict=False).null_count() / len(words)
            if _LEAST <= share < _MOST:
                detail = f"{share:.0%} of the values of {column.name!r} are numbers, others words."
                yield Finding((column.name,), detail, {"share": round(share, 4)})
