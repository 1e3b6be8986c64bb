"""Curves as inline SVG: training and validation of one metric in one picture."""

from collections.abc import Mapping, Sequence
from math import ceil, isfinite
from typing import Any

from .markup import Markup, element

WIDTH, HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 10, 26, 24
_MOST = 400
_COLOURS = ("#0072b2", "#d55e00")
"""Two of Okabe and Ito's, for all kinds of colour vision; the second line is dashed besides."""

Values = Sequence[float | int | None]


def curves(columns: Mapping[str, Values], axis: str) -> Markup:
    """A picture for each metric in columns over `axis`; a word where there is nothing to draw."""
    x = columns.get(axis) or ()
    names = [name for name in columns if name != axis and not _is_paired(name, columns)]
    drawn = [
        _picture(name, axis, x, _lines(name, columns))
        for name in sorted(names, key=lambda name: not name.endswith("loss"))
    ]
    if not x or not drawn:
        return element("p", "There are no points yet.")
    return element("div", *drawn, style="display:flex;flex-wrap:wrap;gap:12px")


def _is_paired(name: str, columns: Mapping[str, Values]) -> bool:
    return name.startswith("val_") and name.removeprefix("val_") in columns


def _lines(name: str, columns: Mapping[str, Values]) -> list[tuple[str, Values]]:
    keys = [key for key in (name, f"val_{name}") if key in columns]
    return [(key, columns[key]) for key in keys]


def _picture(name: str, axis: str, x: Values, lines: list[tuple[str, Values]]) -> Markup:
    known = [float(v) for _, values in lines for v in values if v is not None and isfinite(v)]
    told = ", ".join(f"{key} {_last(values)}" for key, values in lines)
    label = f"{name} by {axis}: {told}"
    frame: dict[str, Any] = {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": WIDTH, "height": HEIGHT}
    parts = [element("title", label), *_words(axis, x, known), *_legend(lines)]
    for place, (_, values) in enumerate(lines):
        parts += _polylines(x, values, (min(known), max(known)) if known else (0, 1), place)
    # Text takes the notebook's own colour, light or dark.
    return element(
        *("svg", *parts), role="img", aria_label=label, fill="currentColor", font_size=11, **frame
    )


def _polylines(x: Values, values: Values, span: tuple[float, float], place: int) -> list[Markup]:
    """The line in pieces: what is not finite is a gap, and a single point is a dot."""
    low, high = span
    first, last = float(x[0] or 0), float(x[-1] or 0)
    style = {"stroke": _COLOURS[place], "stroke_width": 2, "fill": "none"}
    dash = "5 3" if place else None
    found: list[Markup] = []
    for piece in _pieces(x, values):
        points = [
            (
                _LEFT + (at - first) / ((last - first) or 1) * (WIDTH - _LEFT - _RIGHT),
                HEIGHT - _BOTTOM - (v - low) / ((high - low) or 1) * (HEIGHT - _TOP - _BOTTOM),
            )
            for at, v in piece
        ]
        if len(points) == 1:
            (cx, cy) = points[0]
            found.append(element("circle", cx=f"{cx:.1f}", cy=f"{cy:.1f}", r=3, **style))
        else:
            path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
            found.append(element("polyline", points=path, stroke_dasharray=dash, **style))
    return found


def _pieces(x: Values, values: Values) -> list[list[tuple[float, float]]]:
    step = max(1, ceil(len(values) / _MOST))
    chosen = [
        place for place in range(len(values)) if place % step == 0 or place == len(values) - 1
    ]
    pieces: list[list[tuple[float, float]]] = [[]]
    for place in chosen:
        at, value = x[place], values[place]
        if at is not None and value is not None and isfinite(value):
            pieces[-1].append((float(at), float(value)))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _words(axis: str, x: Values, known: Sequence[float]) -> list[Markup]:
    right, floor = WIDTH - _RIGHT, HEIGHT - 8
    words = [
        element("text", f"{x[0]}", x=_LEFT, y=floor),
        element("text", axis, x=(_LEFT + right) / 2, y=floor, text_anchor="middle"),
        element("text", f"{x[-1]}", x=right, y=floor, text_anchor="end"),
    ]
    if known:
        for value, y in ((max(known), _TOP + 4), (min(known), HEIGHT - _BOTTOM)):
            words.append(element("text", f"{value:.4g}", x=_LEFT - 6, y=y, text_anchor="end"))
    return words


def _legend(lines: list[tuple[str, Values]]) -> list[Markup]:
    found = []
    for place, (key, values) in enumerate(lines):
        at = _LEFT + place * 150
        dash = "5 3" if place else None
        line = {"stroke": _COLOURS[place], "stroke_width": 2, "stroke_dasharray": dash}
        found.append(element("path", d=f"M{at} 10h18", **line))
        found.append(element("text", f"{key} {_last(values)}"[:26], x=at + 23, y=14))
    return found


def _last(values: Values) -> str:
    known = [value for value in values if value is not None]
    return f"{known[-1]:.4g}" if known else "–"
