"""How large the gradients of recurrent layers were."""

from api.plots._axes import Values
from api.plots._base import Material, Plot
from api.plots._epochs import powers


class Gradients(Plot):
    """The norm of the gradient of each recurrent layer's weights after each epoch."""

    title = "Gradients"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Of recurrent stacks, once an epoch is over."""
        return bool(_norms(material))

    @classmethod
    def draw(cls, material: Material) -> str:
        """On a scale of powers of ten, a line for each layer."""
        return powers(cls.title, material.name, material.gradients.x, _norms(material), "norm")


def _norms(material: Material) -> dict[str, Values]:
    return {
        name: values
        for name, values in material.gradients.values.items()
        if not name.endswith("/reach") and any(value and value > 0 for value in values)
    }
