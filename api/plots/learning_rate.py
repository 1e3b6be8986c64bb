"""How the learning rate went."""

from api.plots._axes import Values
from api.plots._base import Material, Plot
from api.plots._epochs import powers


class LearningRate(Plot):
    """The rate at the end of each epoch."""

    title = "Learning rate"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Once an epoch is over."""
        return any(value for value in material.rates.values.get("learning_rate", []))

    @classmethod
    def draw(cls, material: Material) -> str:
        """On a scale of powers of ten."""
        lines: dict[str, Values] = {"learning rate": material.rates.values["learning_rate"]}
        return powers(cls.title, material.name, material.rates.x, lines, "learning rate")
