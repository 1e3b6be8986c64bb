"""Curves between two shares, one for each class."""

from api.plots._axes import Area, Scale
from api.plots._svg import MARGIN, WIDTH, legend, legend_height, number, series, sheet, shortened
from lamina.schemas.evaluation import Curve

_LEFT, _TOP, _SIZE = 50, 72, 300


def rates(title: str, note: str, curves: list[Curve], names: tuple[str, str], area: str) -> str:
    """Lines from 0 to 1 each way; `names` are those of the axes, `area` what the area is called."""
    plane = Area(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, _SIZE, Scale(0, 1), Scale(0, 1))
    parts = list(plane.frame(*names))
    if area == "AUC":
        parts.append(plane.diagonal(0, 1))
    entries = []
    for place, curve in enumerate(curves):
        parts.append(plane.line(curve.x, curve.y, series(place)))
        entries.append(
            (series(place), f"{shortened(curve.label, 14)}: {area} {number(curve.area, 3)}")
        )
    top = _TOP + _SIZE + 52
    parts += legend(top, entries)
    return sheet(top + legend_height(len(entries)), title, note, parts)
