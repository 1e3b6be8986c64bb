"""Two that set the learning rate."""

from collections.abc import Iterator

from engine.stack import Spec

from ._base import Finding, Rule
from ._context import Context, argument
from ._examples import FLOWERS, dense, on

_DECAY = {
    "class_name": "ExponentialDecay",
    "initial_learning_rate": 0.01,
    "decay_steps": 100,
    "decay_rate": 0.9,
}


def _with(rate: object) -> dict[str, object]:
    return on(
        FLOWERS,
        dense(8),
        dense(3, "softmax"),
        compile={"optimizer": {"class_name": "Adam", "learning_rate": rate}},
        callbacks=["ReduceLROnPlateau"],
    )


class PlateauWithSchedule(Rule):
    """A schedule decides the learning rate of every step, so that ReduceLROnPlateau cannot
    lower it: Keras ends the training with an error when it tries.
    """

    severity = "error"
    source = "training"
    sets_off = (_with(_DECAY),)
    stays_quiet = (_with(0.001),)

    def check(self, context: Context) -> Iterator[Finding]:
        """ReduceLROnPlateau with a schedule as learning rate."""
        rate = argument(context.training.optimizer, "learning_rate")
        if not isinstance(rate, Spec):
            return
        for place, _ in context.callbacks("ReduceLROnPlateau"):
            yield Finding(
                place,
                f"ReduceLROnPlateau cannot change the schedule {rate.entry.name}.",
                {"schedule": rate.entry.name},
                [{"op": "remove", "path": place}],
            )
