"""Learned filters as a picture (SVG 1.1): a tile each, blue for negative, orange for positive."""

from html import escape
from math import ceil
from typing import Any

_STYLE = (
    "text{font:600 12px system-ui,sans-serif;fill:#1c2733}.b{fill:none;stroke:#8a97a5}"
    "@media (prefers-color-scheme:dark){text{fill:#e8eef4}}"
)
_ACROSS, _GAP, _TILE, _TOP = 8, 6, 56, 26


def picture(found: dict[str, Any]) -> str:
    """The filters of the engine's task `filters`."""
    filters = found["filters"]
    height, width = len(filters[0]), len(filters[0][0])
    cell = _TILE / max(height, width)
    step_x, step_y = width * cell + _GAP, height * cell + _GAP
    columns = min(_ACROSS, len(filters))
    total = (columns * step_x + _GAP, ceil(len(filters) / columns) * step_y + _TOP + _GAP)
    more = f" and {found['left_out']} more" if found["left_out"] else ""
    title = f"{found['layer']}: {len(filters)} filters{more}"
    size = f"{max(total[0], 220):.0f} {total[1]:.0f}"
    tiles = [
        _tile(one, _GAP + place % columns * step_x, _TOP + place // columns * step_y, cell)
        for place, one in enumerate(filters)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {size}" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>'
        f'<text x="{_GAP}" y="16">{escape(title)}</text>{"".join(tiles)}</svg>'
    )


def _tile(rows: list[list[float]], left: float, top: float, cell: float) -> str:
    cells = "".join(
        f'<rect x="{left + x * cell:.1f}" y="{top + y * cell:.1f}" width="{cell + 0.2:.1f}" '
        f'height="{cell + 0.2:.1f}" fill="{_colour(value)}"/>'
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
    )
    width, height = len(rows[0]) * cell, len(rows) * cell
    frame = (
        f'<rect class="b" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )
    return cells + frame


def _colour(value: float) -> str:
    """White at 0, towards orange for positive and blue for negative weights (colour-blind safe)."""
    full = (201, 95, 2) if value > 0 else (11, 102, 195)
    mixed = (round(255 + (one - 255) * min(abs(value), 1.0)) for one in full)
    return "#" + "".join(f"{one:02x}" for one in mixed)
