"""The plan: what a request would do (shapes, parameters, memory, steps), found without training."""

from .architecture import architecture
from .layer import Totals, describe, totals
from .memory import estimate
from .rehearsal import clean_session, rehearsal

__all__ = ["Totals", "architecture", "clean_session", "describe", "estimate", "rehearsal", "totals"]
