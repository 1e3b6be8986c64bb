"""The curve of an activation as a picture (SVG 1.1), readable in light and in dark."""

from collections.abc import Callable, Iterator
from html import escape

Values = list[float | None]
Place = Callable[[float, float], tuple[float, float]]
"""Where a point of the plane lies in the picture: across and down."""

WIDTH, HEIGHT = 240, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 26, 8, 26, 18
_LEAST, _MOST = -1.5, 2.5

STYLE = """
.curve{font:10px system-ui,sans-serif;color:#1c2733}
.curve .axis{stroke:#8a97a5;stroke-width:1}.curve .grid{stroke:#8a97a533;stroke-width:1}
.curve .y{fill:none;stroke:#0b66c3;stroke-width:2.5;stroke-linejoin:round}
.curve .slope{fill:none;stroke:#b4540a;stroke-width:1.5;stroke-dasharray:3 3}
.curve text{fill:#4a5866}.curve .name{font-weight:600;font-size:12px;fill:#1c2733}
@media (prefers-color-scheme:dark){.curve .y{stroke:#6cb6ff}.curve .slope{stroke:#f0a35e}
.curve text{fill:#a9b6c2}.curve .name{fill:#e8eef4}}
"""
"""What the classes of the picture look like; a page says it once for all its pictures."""


def picture(name: str, x: list[float], y: Values, slope: Values, style: str = STYLE) -> str:
    """The activation as a solid line, its slope dashed, over x; parts out of sight are cut off.

    The vertical axis runs from -1.5 to 2.5 in all pictures, so that they can be compared.
    """
    across = x[-1] - x[0]

    def place(at: float, value: float) -> tuple[float, float]:
        share = (at - x[0]) / across
        height = (value - _LEAST) / (_MOST - _LEAST)
        return (
            round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1),
            round(HEIGHT - _BOTTOM - height * (HEIGHT - _TOP - _BOTTOM), 1),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-label="{escape(name)} and its slope">',
        f"<style>{style}</style>" if style else "",
        f'<text class="name" x="{_LEFT}" y="14">{escape(name)}</text>',
        *_grid(x, place),
        f'<path class="slope" d="{_path(x, slope, place)}"/>',
        f'<path class="y" d="{_path(x, y, place)}"/>',
        "</svg>",
    ]
    return "".join(parts)


def _grid(x: list[float], place: Place) -> Iterator[str]:
    for value in (-1, 0, 1, 2):
        (left, at), (right, _) = place(x[0], value), place(x[-1], value)
        kind = "axis" if value == 0 else "grid"
        yield f'<line class="{kind}" x1="{left}" y1="{at}" x2="{right}" y2="{at}"/>'
        yield f'<text x="{left - 4}" y="{at + 3}" text-anchor="end">{value}</text>'
    for at in (x[0], 0.0, x[-1]):
        (across, low), (_, high) = place(at, _LEAST), place(at, _MOST)
        kind = "axis" if at == 0 else "grid"
        yield f'<line class="{kind}" x1="{across}" y1="{low}" x2="{across}" y2="{high}"/>'
        yield f'<text x="{across}" y="{HEIGHT - 5}" text-anchor="middle">{at:g}</text>'


def _path(x: list[float], values: Values, place: Place) -> str:
    """Lines between the points in sight; a new beginning after a gap."""
    steps, drawing = [], False
    for at, value in zip(x, values, strict=True):
        seen = value is not None and _LEAST <= value <= _MOST
        if seen and value is not None:
            across, down = place(at, value)
            steps.append(f"{'L' if drawing else 'M'}{across} {down}")
        drawing = seen
    return "".join(steps)
