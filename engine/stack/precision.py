"""Mixed precision: layers that compute in 16 bits and keep their weights in 32."""

from typing import Any

from engine.catalog import family

from .spec import Spec
from .stack import Stack


def lower(stack: Stack, policy: str) -> None:
    """Give layers this dtype policy, where they have no dtype of their own.

    Inputs and preprocessing keep the data as it is. Outputs stay in 32 bits, as Keras's guide on
    mixed precision wants it: losses lose too much in 16.
    """
    for line in stack.lines:
        if line.name not in stack.outputs:
            _lower(line.spec, policy)


def _lower(value: Any, policy: str) -> None:
    if isinstance(value, list):
        for member in value:
            _lower(member, policy)
        return
    if not isinstance(value, Spec) or value.entry.kind != "layers":
        return
    if value.entry.name == "InputLayer" or family.family(value.entry) == "preprocessing":
        return
    if "dtype" in value.entry.arguments:
        value.arguments.setdefault("dtype", policy)
    for member in value.arguments.values():
        _lower(member, policy)
