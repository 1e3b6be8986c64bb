"""How many true ones are found for how many false alarms."""

from api.plots._base import OutputPlot
from api.plots._rates import rates
from lamina.schemas.evaluation import OutputEvaluation


class Roc(OutputPlot):
    """Each class against all others; on the dotted line lies guessing."""

    title = "ROC curves"

    @classmethod
    def shows(cls, output: OutputEvaluation) -> bool:
        """Of classes and labels."""
        return bool(output.roc)

    @classmethod
    def sketch(cls, output: OutputEvaluation, note: str) -> str:
        """False positive rate across, true positive rate upwards."""
        names = ("false positive rate", "true positive rate")
        return rates(cls.title, note, output.roc or [], names, "AUC")
