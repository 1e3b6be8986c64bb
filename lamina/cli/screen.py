"""Where output goes: tables for people, JSON lines for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

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
    """A table; nothing, an empty cell."""
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    out = console()
    out.soft_wrap = False
    out.print(table, width=out.width if out.is_terminal else _WIDE, no_wrap=True)


def print_pairs(pairs: Iterable[tuple[str, Any]]) -> None:
    """Names and values, one pair a line; pairs without a value are left out."""
    known = [(name, value) for name, value in pairs if value not in (None, "", [], {})]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        print(f"{name:{width}}  {value}")


_WIDE = 1000
