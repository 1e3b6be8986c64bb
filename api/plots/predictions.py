"""What was predicted beside what is true."""

from api.plots._axes import Area, Scale
from api.plots._base import OutputPlot
from api.plots._svg import MARGIN, WIDTH, legend, number, sheet, text
from lamina.schemas.evaluation import Forecast, OutputEvaluation, Pairs

_LEFT, _TOP = 50, 72


class Predictions(OutputPlot):
    """Of a series the forecast and the truth in their order, else a dot for each row."""

    title = "Predicted and true"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of numbers."""
        return output.sample is not None and bool(_known(output.sample))

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """On the dotted diagonal both are equal."""
        if output.forecast is not None and len(_known(output.forecast)) > 1:
            return _forecast(cls.title, output.forecast, output.target, note)
        pairs = _known(output.sample) if output.sample else []
        values = [value for pair in pairs for value in pair]
        scale = Scale.over(values)
        area = Area(_LEFT, _TOP, WIDTH - _LEFT - MARGIN, 300, scale, scale)
        parts = list(area.frame(f"true {output.target}", f"predicted {output.target}"))
        parts.append(area.diagonal(scale.low, scale.high))
        parts += [area.dot(true, said, "f0 dot", 3) for true, said in pairs]
        r2 = f"{note}, R² {number(output.metrics.get('r2'), 3)}"
        return sheet(_TOP + 344, cls.title, r2, parts)


def _known(pairs: Pairs) -> list[tuple[float, float]]:
    both = zip(pairs.true, pairs.predicted, strict=True)
    return [(true, said) for true, said in both if true is not None and said is not None]


def _forecast(title: str, found: Forecast, target: str, note: str) -> str:
    values = [value for pair in _known(found) for value in pair]
    xs = range(len(found.true))
    area = Area(
        *(_LEFT, _TOP + 22, WIDTH - _LEFT - MARGIN, 220),
        Scale.over(xs, whole=True, pad=0.01),
        Scale.over(values),
    )
    parts = legend(60, [("s0", "true"), ("s1 dash", "predicted")])
    if found.at is None:
        parts += area.frame("sample", target)
    else:
        parts += [one for one in area.frame("", target) if 'text-anchor="middle"' not in one]
        bottom = area.top + area.height + 16
        parts.append(text(area.left, bottom, str(found.at[0])[:19], "soft"))
        parts.append(text(WIDTH - MARGIN, bottom, str(found.at[-1])[:19], "soft", "end"))
    parts.append(area.line(xs, found.true, "s0"))
    parts.append(area.line(xs, found.predicted, "s1 dash"))
    which = f", series {found.series}" if found.series else ""
    return sheet(_TOP + 22 + 264, title, f"{note}{which}", parts)
