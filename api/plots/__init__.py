"""Pictures of a job. One per file, found by folder."""

from api.plots._base import Material, Plot
from lamina.discovery import discover

PLOTS = discover("api.plots", Plot)  # type: ignore[type-abstract]

__all__ = ["PLOTS", "Material", "Plot"]
