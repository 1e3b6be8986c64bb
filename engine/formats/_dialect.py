"""How a text table is written: its delimiter, its header line, and the names of its columns."""

import csv as reader
import io
from dataclasses import dataclass, field
from pathlib import Path

from engine.dataset.limits import Limits, refusal

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50
_LINE_BYTES = 1 << 24


@dataclass(frozen=True)
class Dialect:
    """What is needed to take the lines of a text table apart."""

    delimiter: str
    names: list[str]
    has_header: bool
    notes: list[str] = field(default_factory=list)


def dialect(path: Path, limits: Limits) -> Dialect:
    """The dialect of a table in UTF-8, from its first lines. Raises Fault for what is no table."""
    sample = _sample(path)
    delimiter = _delimiter(sample)
    rows = _rows(sample, delimiter)
    if not rows:
        raise refusal("empty", "The file holds no line with text.")
    limits.check("columns", len(rows[0]), "Columns")
    names, has_header, notes = columns_of(rows)
    return Dialect(delimiter, names, has_header, notes)


def columns_of(rows: list[list[str]]) -> tuple[list[str], bool, list[str]]:
    """The names of columns by their first rows, whether the first row holds them, and notes.

    Raises Fault for names that occur twice.
    """
    if not _is_data(rows[0], rows[1:]):
        return _names(rows[0]), True, []
    names = [f"column_{place}" for place in range(1, len(rows[0]) + 1)]
    named = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"
    return names, False, [f"The file has no header line; its columns are named {named}."]


def _sample(path: Path) -> str:
    lines = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for _ in range(_SAMPLE_LINES):
            line = file.readline(_LINE_BYTES)
            if not line:
                break
            lines.append(line)
    return "".join(lines)


def _rows(sample: str, delimiter: str) -> list[list[str]]:
    # Read by the wrong delimiter, a long line is one cell; too long ones are told of elsewhere.
    reader.field_size_limit(_LINE_BYTES)
    try:
        return [row for row in reader.reader(io.StringIO(sample), delimiter=delimiter) if row]
    except reader.Error as error:
        raise refusal("unreadable", f"The table cannot be read: {error}.") from None


def _delimiter(sample: str) -> str:
    """The delimiter under which the first lines have most columns and agree best."""

    def merit(delimiter: str) -> tuple[float, int]:
        counts = [len(row) for row in _rows(sample, delimiter)]
        if not counts or counts[0] < 2:
            return (0.0, 0)
        return (counts.count(counts[0]) / len(counts), counts[0])

    return max(_DELIMITERS, key=merit)


def _names(header: list[str]) -> list[str]:
    names = [name.strip() for name in header]
    twice = sorted({name for name in names if names.count(name) > 1 and name})
    if twice:
        raise refusal("unreadable", f"Column names occur twice: {', '.join(twice[:10])}.")
    return [name or _spare(place, names) for place, name in enumerate(names, start=1)]


def _spare(place: int, names: list[str]) -> str:
    """A name for the column at a place that has none."""
    spare = f"column_{place}"
    while spare in names:
        spare += "_"
    return spare


def _is_data(first: list[str], others: list[list[str]]) -> bool:
    """Whether the first line holds values: a number that stands above nothing but numbers.

    Numbers that count up (0, 1, 2 … or years) are names nevertheless.
    """
    numbers = [place for place, word in enumerate(first) if _is_number(word)]
    if not numbers or not others or _counts_up([first[place] for place in numbers]):
        return bool(numbers) and len(numbers) == len(first) and not others
    below = [row for row in others if len(row) == len(first)]
    return any(_are_numbers([row[place] for row in below]) for place in numbers)


def _are_numbers(words: list[str]) -> bool:
    present = [word for word in words if word.strip()]
    return bool(present) and all(_is_number(word) for word in present)


def _counts_up(words: list[str]) -> bool:
    if len(words) < 3 or not all(word.strip().isdecimal() for word in words):
        return False
    first = int(words[0])
    return [int(word) for word in words] == list(range(first, first + len(words)))


def _is_number(text: str) -> bool:
    try:
        float(text.strip().replace(",", "."))
    except ValueError:
        return False
    return text.strip().lower() not in ("nan", "inf", "infinity", "-inf")
