"""Which classes are taken for which."""

from math import ceil

from api.plots._base import OutputPlot
from api.plots._svg import MARGIN, WIDTH, sheet, shortened, text
from lamina.schemas.evaluation import Confusion, OutputEvaluation

_COUNTED = 16
"""Up to so many classes the counts stand in their cells."""


class ConfusionMatrix(OutputPlot):
    """A row for each true class, shaded by the share of it that was taken for each class."""

    title = "Confusion matrix"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of up to fifty classes."""
        return output.confusion is not None

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """True classes downwards, predicted ones across."""
        if output.confusion is None:
            raise TypeError("there is no confusion matrix")
        labels = [shortened(label, 12) for label in output.confusion.labels]
        longest = max(map(len, labels))
        left = MARGIN + 20 + min(90, longest * 6.4)
        size = min((WIDTH - left - MARGIN) / len(labels), 88)
        top, width = 74.0, size * len(labels)
        slanted = longest * 6.4 > size - 4
        parts = [
            text(MARGIN, 64, "true", "soft"),
            text(left + width, 64, "predicted", "soft", "end"),
        ]
        parts += _cells(output.confusion, left, top, size)
        parts += _names(labels, left, top, size, slanted)
        below = 20 + (longest * 4.8 if slanted else 6)
        return sheet(top + width + below + 8, cls.title, note, parts)


def _cells(confusion: Confusion, left: float, top: float, size: float) -> list[str]:
    parts = []
    counted = len(confusion.labels) <= _COUNTED
    for row, counts in enumerate(confusion.counts):
        total = max(1, sum(counts))
        for column, count in enumerate(counts):
            x, y, share = left + column * size, top + row * size, count / total
            parts.append(
                f'<rect class="f0" fill-opacity="{share**0.7:.2f}" x="{x + 0.5:.1f}" '
                f'y="{y + 0.5:.1f}" width="{size - 1:.1f}" height="{size - 1:.1f}"/>'
            )
            if counted and count:
                kind = "on" if share > 0.45 else ""
                parts.append(text(x + size / 2, y + size / 2 + 4, _short(count), kind, "middle"))
    width = size * len(confusion.labels)
    parts.append(
        f'<rect class="tile" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
        f'height="{width:.1f}"/>'
    )
    return parts


def _names(labels: list[str], left: float, top: float, size: float, slanted: bool) -> list[str]:
    parts = []
    down, across = _every(11, size), _every(18 if slanted else 11, size)
    for place, label in enumerate(labels):
        middle = (place + 0.5) * size
        if place % down == 0:
            parts.append(text(left - 6, top + middle + 4, label, "soft", "end"))
        if place % across:
            continue
        x, y = left + middle, top + size * len(labels) + 15
        name = text(x, y, label, "soft", "end" if slanted else "middle")
        turned = f'<text transform="rotate(-40 {x:.1f} {y:.1f})" '
        parts.append(name.replace("<text ", turned, 1) if slanted else name)
    return parts


def _every(room: float, size: float) -> int:
    """Of how many cells one can be named, where a name needs so much room."""
    return max(1, ceil(room / size))


def _short(count: int) -> str:
    for size, unit in ((1_000_000, "M"), (10_000, "k")):
        if count >= size:
            return f"{count / (1_000_000 if unit == 'M' else 1000):.3g}{unit}"
    return str(count)
