"""Small datasets to begin with. One per file, found by folder; `data/` holds what they are of."""

from api.samples._base import Sample
from lamina.discovery import discover

SAMPLES = discover("api.samples", Sample)  # type: ignore[type-abstract]

__all__ = ["SAMPLES", "Sample"]
