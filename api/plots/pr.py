"""How many of those found are right, for how many are found."""

from api.plots._base import OutputPlot
from api.plots._rates import rates
from lamina.schemas.evaluation import OutputEvaluation


class Pr(OutputPlot):
    """Each class against all others."""

    title = "Precision and recall"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of classes and labels."""
        return bool(output.pr)

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """Recall across, precision upwards."""
        return rates(cls.title, note, output.pr or [], ("recall", "precision"), "AP")
