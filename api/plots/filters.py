"""What a first convolution looks for."""

from api.pages.filters import picture
from api.plots._base import Material, Plot


class Filters(Plot):
    """A tile for each filter: positive weights orange, negative ones blue."""

    title = "Learned filters"

    @classmethod
    def fits(cls, material: Material) -> bool:
        """Of trained stacks with a Conv1D or Conv2D."""
        return material.convolutions

    @classmethod
    def draw(cls, material: Material) -> str:
        """The filters as the engine found them."""
        if material.filters is None:
            raise TypeError("the engine was not asked for filters")
        return picture(material.filters)
