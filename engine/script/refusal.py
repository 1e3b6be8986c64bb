"""The answer where there can be no script."""

from engine.faults import Fault


def refused(reason: str) -> Fault:
    """The refusal of a script; `reason` goes on after a colon."""
    return Fault("export-failed", f"There can be no script of this model: {reason}.")
