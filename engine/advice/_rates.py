"""Learning rates: what optimizers usually take, and what a request asks for."""

from collections.abc import Iterator

from engine.stack import Spec

from ._context import Context, argument

USUAL = {
    "SGD": 0.01,
    "RMSprop": 0.001,
    "Adam": 0.001,
    "AdamW": 0.001,
    "Adamax": 0.001,
    "Nadam": 0.001,
}
"""Defaults of optimizers whose useful rates lie around them."""


def asked_rate(context: Context) -> Iterator[tuple[Spec, float, float]]:
    """The optimizer, its rate and the usual one; nothing for schedules and other optimizers."""
    optimizer = context.training.optimizer
    if optimizer is None or optimizer.entry.name not in USUAL:
        return
    rate = argument(optimizer, "learning_rate")
    if isinstance(rate, (int, float)):
        yield optimizer, float(rate), USUAL[optimizer.entry.name]
