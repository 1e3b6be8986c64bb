"""Readings of numbers as people write them: grouped thousands, decimal commas, money, percent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from engine.dataset.reading import Reading, number

if TYPE_CHECKING:
    import polars as pl

SPACES = "[ \u00a0\u2009\u202f]"
_SYMBOLS = {"€": "€", "$": r"\$", "£": "£", "¥": "¥", "%": "%"}
_HOLES = frozenset({"-", "--", "–", "—", ".", "..", ":"})
"""What statistical offices write for a missing number."""


class Style(NamedTuple):
    """How thousands are grouped and decimals set apart, as regular expressions."""

    words: str
    group: str
    decimal: str

    @property
    def whole(self) -> str:
        """Matches integers; a leading zero is none."""
        return rf"(?:[1-9]\d{{0,2}}(?:{self.group}\d{{3}})+|0|[1-9]\d*)"

    @property
    def number(self) -> str:
        """Matches integers and decimals."""
        return rf"(?:{self.whole}(?:{self.decimal}\d+)?|{self.decimal}\d+)"


_ENGLISH = Style("a comma between thousands", ",", r"\.")
_COMMAS = Style("a decimal comma", r"\.", ",")
_SPACED = Style("a space between thousands", SPACES, r"\.")
_SPACED_COMMAS = Style("a space between thousands and a decimal comma", SPACES, ",")
_SWISS = Style("an apostrophe between thousands", "['’]", r"\.")
_OTHERS = (_SPACED, _SPACED_COMMAS, _SWISS)


def _reader(style: Style, *, whole: bool, symbol: str = "") -> Callable[["pl.Series"], "pl.Series"]:
    body = style.whole if whole else style.number
    affix = rf"(?:[+-]?{symbol}{SPACES}?{body}|[+-]?{body}{SPACES}?{symbol})"
    pattern = f"^{affix}$" if symbol else f"^[+-]?{body}$"

    def read(words: "pl.Series") -> "pl.Series":
        import polars as pl

        kept = words.set(~words.str.contains(pattern), None)
        if symbol:
            kept = kept.str.replace(symbol, "").str.replace_all(SPACES, "")
        plain = kept.str.replace_all(style.group, "").str.replace(style.decimal, ".")
        return plain.cast(pl.Int64 if whole else pl.Float64, strict=False)

    return read


def _plain(style: Style) -> list[Reading]:
    note = f"its numbers are read with {style.words}"
    return [
        Reading(f"integers with {style.words}", "Int64", _reader(style, whole=True), note),
        Reading(f"numbers with {style.words}", "Float64", _reader(style, whole=False), note),
    ]


def _marked(symbol: str, styles: tuple[Style, ...]) -> list[Reading]:
    note = f"the sign {symbol} was left out" + (": 12 % is 12" if symbol == "%" else "")
    return [
        Reading(
            f"numbers with {symbol} and {style.words}",
            "Float64",
            _reader(style, whole=False, symbol=_SYMBOLS[symbol]),
            note,
        )
        for style in styles
    ]


def _holed(words: "pl.Series") -> "pl.Series":
    """Numbers; the marks for a missing one count as fitting, so they are given as NaN."""
    return number(words).set(words.is_in(sorted(_HOLES)), float("nan"))


def _either(symbol: str) -> Callable[["pl.Series"], "pl.Series"]:
    """Keeps words like 1,234, of which nobody can tell what the comma means."""
    mark = rf"(?:{symbol}{SPACES}?)?" if symbol else ""

    def read(words: "pl.Series") -> "pl.Series":
        unclear = words.str.contains(rf"^[+-]?{mark}[1-9]\d{{0,2}},\d{{3}}$|^\d{{1,3}}$")
        return words.set(~unclear, None)

    return read


_UNCLEAR = Reading(
    "numbers whose comma may be either",
    "String",
    _either(""),
    "its commas may stand between thousands or before decimals, so that it is kept as text",
)
_HOLED = Reading(
    "numbers with dashes", "Float64", _holed, "dashes, dots and colons alone are missing values"
)


def spelled(delimiter: str | None) -> tuple[Reading, ...]:
    """The readings for a table whose columns are set apart by this delimiter, in their order.

    What 1,234 means is decided by the delimiter: a decimal comma between semicolons, thousands
    between commas, and unclear elsewhere.
    """
    styles = (_COMMAS, _ENGLISH) if delimiter == ";" else (_ENGLISH, _COMMAS)
    found = [_HOLED] if delimiter in (",", ";") else [_HOLED, _UNCLEAR]
    for style in (*styles, *_OTHERS):
        readings = _plain(style)
        found += readings[1:] if style is _COMMAS and delimiter == ";" else readings
    for symbol in _SYMBOLS:
        found += _marked(symbol, (*styles, *_OTHERS))
    return tuple(found)
