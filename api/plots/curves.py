"""Losses and metrics over the epochs, training and validation in one frame."""

from api.plots._axes import Area, Scale
from api.plots._base import Material, Plot
from api.plots._svg import MARGIN, WIDTH, legend, number, sheet, shortened, text

_TOP, _HEIGHT, _PANEL, _MOST = 84, 140, 210, 8
_LEFT = 50


class Curves(Plot):
    """A frame for each metric; the best epoch is marked."""

    title = "Learning curves"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Once an epoch is over."""
        return bool(_metrics(material))

    @classmethod
    def draw(cls, material: Material) -> str:
        """The loss first, then the metrics."""
        metrics = _metrics(material)[:_MOST]
        watched = any(f"val_{name}" in material.curves.values for name in metrics)
        entries = [("s0", "training"), ("s1 dash", "validation")][: 2 if watched else 1]
        parts = legend(60, entries)
        for place, name in enumerate(metrics):
            parts += _panel(material, name, _TOP + place * _PANEL)
        epochs = material.curves.x[-1] + 1
        note = f"{shortened(material.name, 48)}, {epochs} epoch{'s' if epochs > 1 else ''}"
        return sheet(_TOP + len(metrics) * _PANEL - 12, cls.title, note, parts)


def _metrics(material: Material) -> list[str]:
    """Names of what was measured, the loss first; the learning rate has a picture of its own."""
    names = dict.fromkeys(key.removeprefix("val_") for key in material.curves.values)
    kept = [name for name in names if name != "learning_rate" and _values(material, name)]
    return sorted(kept, key=lambda name: (name != "loss", name.endswith("_loss") is False))


def _values(material: Material, name: str) -> list[float]:
    both = (material.curves.values.get(key, []) for key in (name, f"val_{name}"))
    return [value for values in both for value in values if value is not None]


def _panel(material: Material, name: str, top: float) -> list[str]:
    xs = [epoch + 1 for epoch in material.curves.x]
    area = Area(
        *(_LEFT, top + 14, WIDTH - _LEFT - MARGIN, _HEIGHT),
        Scale.over(xs, whole=True, pad=0),
        Scale.over(_values(material, name)),
    )
    parts = list(area.frame("epoch", name))
    for key, kind in ((name, "s0"), (f"val_{name}", "s1 dash")):
        if key in material.curves.values:
            parts.append(area.line(xs, material.curves.values[key], kind))
    judged = f"val_{name}" if f"val_{name}" in material.curves.values else name
    mode = material.modes.get(judged, "min")
    points = [
        (value, x)
        for x, value in zip(xs, material.curves.values[judged], strict=True)
        if value is not None
    ]
    if points:
        value, x = max(points, key=lambda one: (one[0] if mode == "max" else -one[0], -one[1]))
        parts += [area.mark(x=x), area.dot(x, value, "f1" if judged != name else "f0", 4)]
        said = f"best {number(value)} in epoch {x}"
        parts.append(text(WIDTH - MARGIN, area.top - 7, said, "", "end"))
    return parts
