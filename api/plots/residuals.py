"""How errors are spread."""

from api.plots._axes import Area, Scale
from api.plots._base import OutputPlot
from api.plots._svg import MARGIN, WIDTH, number, sheet
from lamina.schemas.evaluation import OutputEvaluation

_LEFT, _TOP, _HEIGHT = 50, 72, 210


class Residuals(OutputPlot):
    """A histogram of predicted less true values; right of the dotted line it was too much."""

    title = "Residuals"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of numbers."""
        return output.residuals is not None

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """Error across, how often upwards."""
        found = output.residuals
        if found is None:
            raise TypeError("there are no residuals")
        area = Area(
            *(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, _HEIGHT),
            Scale.over([0.0, *found.edges], pad=0.03),
            Scale(0, max(found.counts) * 1.06 or 1.0, whole=True),
        )
        parts = list(area.frame(f"predicted less true {output.target}", "how often"))
        bottom = area.down(0)
        for low, high, count in zip(found.edges, found.edges[1:], found.counts, strict=False):
            x, width = area.across(low), area.across(high) - area.across(low)
            y = area.down(count)
            parts.append(
                f'<rect class="f0" x="{x + 0.5:.1f}" y="{y:.1f}" width="{max(width - 1, 0.5):.1f}" '
                f'height="{bottom - y:.1f}"/>'
            )
        parts.append(area.mark(x=0))
        mae, rmse = (number(output.metrics.get(name), 3) for name in ("mae", "rmse"))
        return sheet(_TOP + _HEIGHT + 44, cls.title, f"{note}, MAE {mae}, RMSE {rmse}", parts)
