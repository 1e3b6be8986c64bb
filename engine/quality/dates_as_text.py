"""Dates kept as text."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, ROWS, noise, numbered, table

_MOSTLY = 0.9
_LEAST_ROWS = 20
_FORMS = (
    r"^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?$",
    r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}([T ]\d{1,2}:\d{2}.*)?$",
)


class DatesAsText(Rule):
    """As text every day is a word of its own: what comes before what, the season and the day of
    the week are lost, and rows cannot be divided by time.
    """

    severity = "warning"
    handling = "Columns are dates when every value is one, best written as 2026-11-25."
    sets_off = (
        table(day=[f"{row % 28 + 1}/{row % 12 + 1}/{2000 + row % 20}" for row in range(ROWS)]),
        table(day=["soon" if row % 50 == 0 else f"2024-01-{row % 28 + 1}" for row in range(ROWS)]),
    )
    stays_quiet = (PLAIN, table(version=numbered("1.{}.0.1"), x=noise()))

    def check(self, data: Data) -> Iterator[Finding]:
        """Nine of ten words have the form of a date."""
        import polars as pl

        for column in data.columns("category", "text"):
            words = data.present(column).cast(pl.String).str.strip_chars()
            if len(words) < _LEAST_ROWS:
                continue
            share = max(float(words.str.contains(form).mean() or 0) for form in _FORMS)  # type: ignore[arg-type]
            if share >= _MOSTLY:
                detail = f"{column.name!r} holds dates as text, such as {words[0][:40]!r}."
                yield Finding((column.name,), detail, {"share": round(share, 4)})
