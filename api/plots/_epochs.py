"""Lines over the epochs on a scale of powers of ten."""

from collections.abc import Sequence

from api.plots._axes import Area, Scale, Values
from api.plots._svg import MARGIN, WIDTH, legend, legend_height, series, sheet

_LEFT, _TOP, _HEIGHT = 50, 72, 200


def powers(
    title: str, note: str, epochs: Sequence[int], lines: dict[str, Values], y_name: str
) -> str:
    """A line for each name; values that are not above 0 leave gaps."""
    xs = [epoch + 1 for epoch in epochs]
    values = [value for line in lines.values() for value in line if value is not None and value > 0]
    area = Area(
        *(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, _HEIGHT),
        Scale.over(xs, whole=True, pad=0),
        Scale.over(values, log=True),
    )
    parts = list(area.frame("epoch", y_name))
    entries = []
    for place, (name, line) in enumerate(lines.items()):
        parts.append(area.line(xs, line, series(place)))
        entries.append((series(place), name))
    if len(entries) == 1:
        return sheet(_TOP + _HEIGHT + 42, title, note, parts)
    top = _TOP + _HEIGHT + 50
    parts += legend(top, entries)
    return sheet(top + legend_height(len(entries)), title, note, parts)
