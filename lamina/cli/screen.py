"""Where output goes: tables for people, JSON lines for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from . import words

if TYPE_CHECKING:
    from rich.console import Console


def console() -> "Console":
    """Standard output. What a service sends is shown as it is, never read as markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def is_terminal() -> bool:
    """Whether somebody looks on."""
    return sys.stdout.isatty()


def note(text: str) -> None:
    """A remark to the user, beside the output proper."""
    print(text, file=sys.stderr)


def print_json(thing: Any) -> None:
    """One JSON line, of a resource or of plain data."""
    dump = getattr(thing, "model_dump_json", None)
    print(dump() if dump else json.dumps(thing), flush=True)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Columns as wide as they need to be; nothing, an empty cell."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    for row in [list(columns), *cells]:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


def print_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Names and values, one pair a line; pairs without a value are left out."""
    known = [(name, _cell(value)) for name, value in pairs]
    width = max((len(name) for name, value in known if value), default=0)
    for name, value in known:
        if value:
            print(f"{name:{width}}  {value}")


def _cell(value: Any) -> str:
    return "" if value is None else words.clean(str(value)).replace("\n", " ")
