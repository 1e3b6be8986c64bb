"""Numbers kept as text."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, numbered, table, words

_MOSTLY = 0.7
_LEAST_ROWS = 20
_FEW = 20


class NumbersAsText(Rule):
    """A few words among numbers make a column of text, in which 9 is as far from 10 as from any
    other word: the network learns each number by itself.
    """

    severity = "warning"
    handling = "Such columns are categories or text. Empty the cells that hold no number."
    sets_off = (
        table(price=["unknown" if row % 9 == 0 else f"{row}.5" for row in range(ROWS)], x=noise()),
        table(price=numbered("{}"), x=noise()),
    )
    stays_quiet = (
        PLAIN,
        table(code=numbered("A{}"), x=noise()),
        table(digit=words("0", "1", "2", "3+"), x=noise()),
        table(zip=[f"0{1000 + row}" for row in range(ROWS)], x=noise()),
    )

    def check(self, data: Data) -> Iterator[Finding]:
        """Most words of a text or category are numbers, none with a leading zero."""
        import polars as pl

        for column in data.columns("category", "text"):
            words = data.present(column).cast(pl.String).str.strip_chars()
            if (column.distinct or 0) <= _FEW:
                continue  # classes and grades, whose names happen to be digits
            if len(words) < _LEAST_ROWS or words.str.contains(r"^[+-]?0\d").any():
                continue
            numbers = words.cast(pl.Float64, strict=False)
            share = 1 - numbers.null_count() / len(words)
            if share < _MOSTLY:
                continue
            others = words.filter(numbers.is_null()).unique(maintain_order=True).head(5).to_list()
            but = f", but for {', '.join(map(repr, others))}" if others else ""
            detail = f"{column.name!r} holds numbers as text{but}."
            evidence = {"share": round(share, 4), "words": others}
            yield Finding((column.name,), detail, evidence)
