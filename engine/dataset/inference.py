"""From text to types: what the words of an untyped table mean."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.dataset.dates import DATES, SPELT
from engine.dataset.reading import (
    ANSWERS,
    BLANK,
    CODES,
    INTEGER,
    NUMBER,
    TEXT,
    TRUTH,
    Reading,
    convert,
)
from engine.dataset.schema import Kind
from engine.dataset.spelling import spelled

if TYPE_CHECKING:
    import polars as pl

_GLANCE = 16
_MOSTLY = 0.9
"""Share of numbers in a column of text above which a note tells what was in their way."""
_TOLD = (NUMBER, DATES[0])


def readings(delimiter: str | None = None) -> tuple[Reading, ...]:
    """All readings in the order in which they are tried; the first that fits all words is taken."""
    dates, turned = DATES[:2], DATES[2:]
    return (
        *(BLANK, TRUTH, INTEGER, CODES, NUMBER),
        *(*dates, *ANSWERS, *turned),
        *(*spelled(delimiter), TEXT),
    )


@dataclass
class Guess:
    """What a column is taken for after some of its words were seen, and what was in the way."""

    reading: Reading
    spoiled: Reading | None = None
    examples: list[str] = field(default_factory=list)

    def note(self, name: str) -> str | None:
        """What a client should know of it, in a sentence."""
        if self.reading.note:
            return f"Column {name!r}: {self.reading.note}."
        if self.reading is TEXT and self.spoiled:
            words = ", ".join(repr(word[:40]) for word in self.examples)
            most = self.spoiled.name
            return (
                f"Column {name!r} holds {most} but for words such as {words}; it is kept as text."
            )
        return None


def guess(words: "pl.Series", among: tuple[Reading, ...]) -> Guess:
    """The first reading that fits all words of a column, or of a sample of it."""
    words = words.alias("value")  # the name may be a pattern to the methods of a series
    first = words.head(_GLANCE)
    present = len(words) - words.null_count()
    found = Guess(TEXT)
    for reading in among:
        if reading not in _TOLD and len(convert(first, reading)[1]):
            continue
        unread = convert(words, reading)[1]
        if not len(unread):
            return Guess(reading)
        if reading in _TOLD and len(unread) <= (1 - _MOSTLY) * present:
            found = Guess(TEXT, reading, unread.unique(maintain_order=True).head(3).to_list())
    return found


def infer(table: "pl.DataFrame", delimiter: str | None = None) -> "pl.DataFrame":
    """Give every text column of an untyped table the narrowest type that holds all its words."""
    return inferred(table, delimiter)[0]


def inferred(
    table: "pl.DataFrame", delimiter: str | None = None
) -> tuple["pl.DataFrame", dict[str, Guess]]:
    """As `infer`, with what each column was taken for."""
    among = readings(delimiter)
    guesses = {series.name: guess(series, among) for series in table}
    columns = [convert(series, guesses[series.name].reading)[0] for series in table]
    return table.with_columns(columns), guesses


def written(guesses: dict[str, Guess]) -> dict[str, str]:
    """How the dates of columns are written: the names of their readings."""
    return {name: found.reading.name for name, found in guesses.items() if found.reading in SPELT}


def notes(guesses: dict[str, Guess], most: int = 20) -> list[str]:
    """What is told of columns whose reading is not plain; no more than `most` sentences."""
    told = [note for name, found in guesses.items() if (note := found.note(name))]
    left = len(told) - most
    return [*told[:most], f"{left} more columns have such notes."] if left > 0 else told


def kind_of(series: "pl.Series") -> Kind:
    """The kind of a flat column. Text with few distinct values is a category.

    Few means at most 20, or twice the square root of the number of rows where that is more.
    """
    import polars as pl

    if series.dtype == pl.Boolean:
        return "boolean"
    if series.dtype.is_integer():
        return "integer"
    if series.dtype.is_float():
        return "number"
    if series.dtype.is_temporal():
        return "date"
    return "category" if series.n_unique() <= few(len(series)) else "text"


def few(rows: int) -> int:
    """How many distinct values are few for this number of rows."""
    return max(20, int(2 * math.sqrt(rows)))
