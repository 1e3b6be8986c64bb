"""Curves in a terminal, drawn with braille dots: two across and four down to a character."""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TypeGuard

from .words import number

if TYPE_CHECKING:
    from rich.text import Text

Series = Sequence[float | None]

_COLOURS = ("cyan", "yellow", "green", "magenta")
_BLANK = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bit of each dot by column and row, Unicode's block "Braille Patterns"."""


class Canvas:
    """A grid of dots, `width` by `height` characters; each character has the last one's colour."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.bits = [[0] * width for _ in range(height)]
        self.colour = [[0] * width for _ in range(height)]

    def dot(self, x: int, y: int, colour: int) -> None:
        """Set the dot `x` from the left and `y` from the top."""
        self.bits[y // 4][x // 2] |= _DOTS[x % 2][y % 4]
        self.colour[y // 4][x // 2] = colour

    def line(self, start: tuple[int, int], end: tuple[int, int], colour: int) -> None:
        """Set the dots from one point to another."""
        steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]), 1)
        for step in range(steps + 1):
            x = start[0] + (end[0] - start[0]) * step / steps
            y = start[1] + (end[1] - start[1]) * step / steps
            self.dot(round(x), round(y), colour)

    def row(self, index: int) -> list[tuple[str, int]]:
        """The characters of a row with their colours."""
        pairs = zip(self.bits[index], self.colour[index], strict=True)
        return [(chr(_BLANK + bits) if bits else " ", colour) for bits, colour in pairs]


def draw(
    series: Mapping[str, Series],
    width: int = 60,
    height: int = 10,
    ends: tuple[str, str] | None = None,
) -> "Text":
    """Curves over a common axis from the first to the last index; a legend below.

    `ends` says what stands at both, epochs if nothing does.

    Values that are missing or not finite leave a gap. Empty when no value is left.
    """
    from rich.text import Text

    values = [value for line in series.values() for value in line if _finite(value)]
    if not values:
        return Text("")
    low, high = _range(values)
    canvas = Canvas(width, height)
    for colour, line in enumerate(series.values()):
        _trace(canvas, line, low, high, colour)
    text = Text()
    labels = {0: number(high), height // 2: number((low + high) / 2), height - 1: number(low)}
    margin = max(len(label) for label in labels.values())
    for index in range(height):
        text.append(f"{labels.get(index, ''):>{margin}} │", "dim")
        for colour, run in groupby(canvas.row(index), key=itemgetter(1)):
            text.append("".join(map(itemgetter(0), run)), _COLOURS[colour % len(_COLOURS)])
        text.append("\n")
    ends = ends or ("epoch 1", str(max(len(line) for line in series.values())))
    _legend(text, list(series), ends, margin, width)
    return text


def _trace(canvas: Canvas, line: Series, low: float, high: float, colour: int) -> None:
    right, bottom = canvas.width * 2 - 1, canvas.height * 4 - 1
    last: tuple[int, int] | None = None
    for index, value in enumerate(line):
        if not _finite(value):
            last = None
            continue
        x = round(index / max(len(line) - 1, 1) * right)
        point = (x, round((high - value) / (high - low) * bottom))
        canvas.line(last or point, point, colour)
        last = point


def _legend(text: "Text", names: list[str], ends: tuple[str, str], margin: int, width: int) -> None:
    first, last = ends
    text.append(f"{'':{margin}} └{'─' * width}\n", "dim")
    text.append(f"{'':{margin}}  {first}{last:>{max(width - len(first), 1)}}\n", "dim")
    text.append(f"{'':{margin}}  ")
    for colour, name in enumerate(names):
        text.append(f"● {name}  ", _COLOURS[colour % len(_COLOURS)])
    text.append("\n")


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low == high:  # a flat line stands in the middle
        pad = abs(low) * 0.1 or 1.0
        return low - pad, high + pad
    return low, high


def _finite(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)
