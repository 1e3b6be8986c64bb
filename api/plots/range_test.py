"""The loss at each of the learning rates that were tried."""

from api.plots._axes import Area, Scale
from api.plots._base import Material, Plot
from api.plots._svg import MARGIN, WIDTH, legend, legend_height, number, sheet, shortened
from lamina.schemas.history import RangeTest

_LEFT, _TOP, _HEIGHT = 50, 72, 200


class RangeTestPlot(Plot):
    """Losses of single batches as dots, the smoothed curve, and the rate that was found."""

    title = "Learning-rate range test"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Where the service was to find the rate, once it has."""
        return material.range_test is not None and bool(material.range_test.rates)

    @classmethod
    def draw(cls, material: Material) -> str:
        """Rates by powers of ten."""
        if material.range_test is None:
            raise LookupError("There was no range test.")
        return _sketch(material.range_test, cls.title, shortened(material.name, 48))


def _sketch(test: RangeTest, title: str, name: str) -> str:
    area = Area(
        *(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, _HEIGHT),
        Scale.over(test.rates, log=True, pad=0),
        Scale.over(_shown(test)),
    )
    parts = list(area.frame("learning rate", "loss"))
    parts += [
        area.dot(rate, loss, "f1", 1.5)
        for rate, loss in zip(test.rates, test.losses, strict=True)
        if area.y.low <= loss <= area.y.high
    ]
    parts.append(area.line(test.rates, test.smoothed, "s0"))
    if test.found:
        parts.append(area.mark(x=test.learning_rate))
    top = _TOP + _HEIGHT + 50
    parts += legend(top, [("s0", "smoothed"), ("s1", "of a batch")])
    said = "found" if test.found else "kept, as no rate lowers the loss,"
    note = f"{name}: {said} {number(test.learning_rate)}"
    return sheet(top + legend_height(2), title, note, parts)


def _shown(test: RangeTest) -> list[float]:
    """The losses that the frame is to hold: without those of single batches that jump far out."""
    high, low = max(test.smoothed), min(test.smoothed)
    room = (high - low) or 1.0
    return [*test.smoothed, *(one for one in test.losses if low - room <= one <= high + room)]
