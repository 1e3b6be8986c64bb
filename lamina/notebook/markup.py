"""HTML and SVG as trees of strings; what is put in is escaped unless it is markup itself."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name: str, *children: Any, **attributes: Any) -> Markup:
    """An element. Children that are no Markup are text; None is left out, as in attributes.

    `class_` is the attribute `class`, and `_` stands for `-`.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(_text(child) for child in children if child is not None)
    return Markup(f"<{name}{given}>{inner}</{name}>")


def table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> Markup:
    """A table; the first cell of a row is its head, numbers stand to the right."""
    head = element("tr", *(element("th", title, scope="col", style=_LEFT) for title in titles))
    body = (element("tr", *_cells(row)) for row in rows)
    return element("table", element("thead", head), element("tbody", *body))


def pairs(facts: Iterable[tuple[str, Any]]) -> Markup:
    """Names and values, all to the left; those that are None are left out."""
    known = [(name, value) for name, value in facts if value is not None]
    rows = (element("tr", *_cells(row, numbers=_LEFT)) for row in known)
    return element("table", element("tbody", *rows))


_LEFT = "text-align:left"
_RIGHT = "text-align:right;font-variant-numeric:tabular-nums"


def _cells(row: Sequence[Any], numbers: str = _RIGHT) -> Iterable[Markup]:
    first, *others = row
    yield element("th", first, scope="row", style=_LEFT)
    for cell in others:
        is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        shown = f"{cell:,}" if isinstance(cell, int) and is_number else cell
        shown = f"{cell:.4g}" if isinstance(cell, float) else shown
        yield element("td", shown, style=numbers if is_number else _LEFT)


def _text(child: Any) -> str:
    return child if isinstance(child, Markup) else escape(str(child))
