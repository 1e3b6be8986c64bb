"""One thing that a rule found, be it in a request, in data or in the course of a training."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What was found, and where.

    `pointer` and `fix` (JSON Patch, RFC 6902) address the body exactly as it was sent; of a
    training, its canonical body. `evidence` holds the numbers behind it, `layer` the class whose
    page in the catalogue helps.
    """

    pointer: str
    detail: str
    evidence: dict[str, Any] = field(default_factory=dict)
    fix: list[dict[str, Any]] | None = None
    layer: str | None = None
