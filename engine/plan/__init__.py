"""The plan: what a request would do (shapes, parameters, memory, steps), found without training."""

from .architecture import architecture
from .layer import Totals, describe, totals
from .memory import encoded_bytes, estimate, raw_bytes
from .rehearsal import clean_session, rehearsal

__all__ = [
    "Totals",
    "architecture",
    "clean_session",
    "describe",
    "encoded_bytes",
    "estimate",
    "raw_bytes",
    "rehearsal",
    "totals",
]
