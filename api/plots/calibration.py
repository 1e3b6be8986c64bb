"""Whether a score of 0.8 comes true eight times out of ten."""

from api.plots._axes import Area, Scale
from api.plots._base import OutputPlot
from api.plots._svg import MARGIN, WIDTH, number, sheet
from lamina.schemas.evaluation import OutputEvaluation

_LEFT, _TOP, _SIZE = 50, 72, 280


class Calibration(OutputPlot):
    """Of two classes: on the dotted line scores can be believed. Large dots stand for many rows."""

    title = "Calibration"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of two classes."""
        return bool(output.calibration)

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """Mean score across, share that is positive upwards."""
        bins = output.calibration or []
        area = Area(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, _SIZE, Scale(0, 1), Scale(0, 1))
        parts = list(area.frame(f"score of {output.positive}", f"share that is {output.positive}"))
        parts.append(area.diagonal(0, 1))
        parts.append(area.line([b.predicted for b in bins], [b.observed for b in bins], "s0"))
        most = max(one.rows for one in bins)
        for one in bins:
            radius = 2.5 + 5 * (one.rows / most) ** 0.5
            parts.append(area.dot(one.predicted, one.observed, "f0", round(radius, 1)))
        brier = f"{note}, Brier score {number(output.brier, 3)}"
        return sheet(_TOP + _SIZE + 44, cls.title, brier, parts)
