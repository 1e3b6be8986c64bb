"""Learning rates that a request leaves to the training."""

from typing import Any

from engine.catalog import suggestions

from .findings import Findings
from .spec import Spec

AUTO = "auto"
"""The learning rate that a range test before the training finds."""


def check_word(value: str, pointer: str, findings: Findings) -> str:
    """The word that stands for a learning rate; notes it where it is another."""
    if value != AUTO:
        close = suggestions(value.lower(), [AUTO])
        detail = 'A learning rate is a number, a schedule or "auto".'
        fix = [{"op": "replace", "path": pointer, "value": AUTO}] if close else None
        findings.add(pointer, "bad-value", detail, close, fix)
    return value


def left_to_test(optimizer: Spec | None) -> Spec | None:
    """The optimizer, or the one within it, whose rate is to be found; None where none is."""
    while optimizer is not None:
        if optimizer.arguments.get("learning_rate") == AUTO:
            return optimizer
        inner: Any = optimizer.arguments.get("inner_optimizer")
        optimizer = inner if isinstance(inner, Spec) else None
    return None


def is_left_to_test(optimizer: Any) -> bool:
    """Whether the optimizer of a canonical request leaves its rate to the test."""
    if not isinstance(optimizer, dict):
        return False
    rate, inner = optimizer.get("learning_rate"), optimizer.get("inner_optimizer")
    return rate == AUTO or is_left_to_test(inner)


def settled(optimizer: Any, rate: float) -> Any:
    """The optimizer of a canonical request with the rate that was found."""
    if not is_left_to_test(optimizer):
        return optimizer
    if optimizer.get("learning_rate") == AUTO:
        return {**optimizer, "learning_rate": rate}
    return {**optimizer, "inner_optimizer": settled(optimizer["inner_optimizer"], rate)}
