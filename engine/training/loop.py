"""The fit itself, from the beginning or from a checkpoint, and the evaluation after it."""

from dataclasses import dataclass, field
from typing import Any

from engine.port import Port
from engine.training.canary import rehearse
from engine.training.feed import Order, batches
from engine.training.gradients import Probe
from engine.training.reporter import Callbacks, Course, HandedOver, Reporter, plain
from engine.training.tensors import Tensors


@dataclass(frozen=True)
class Ending:
    """How a training ended: `finished` or `handover`, why early, and after how many epochs."""

    outcome: str
    stop_reason: str | None
    epochs_completed: int
    gradients: dict[int, dict[str, float]] = field(default_factory=dict)


def train(
    network: Any,
    fit: dict[str, Any],
    callbacks: list[Any],
    parts: dict[str, Tensors],
    course: Course,
    port: Port,
) -> Ending:
    """Fit a compiled network on `parts["training"]`, watched on `parts["validation"]` if any.

    A training from the beginning sends the canary first; raises what `rehearse` raises.
    """
    training = parts["training"]
    order = Order(training.rows, int(fit.get("seed") or 0), bool(fit.get("shuffle", True)))
    reporter = Reporter(port, course, order, callbacks, Probe(network, training))
    listed = Callbacks([*callbacks, reporter], network, course.epochs, course.steps)
    whole = batches(training, fit["batch_size"], order)
    validation = parts.get("validation")
    watched = batches(validation, fit["batch_size"]) if validation is not None else None

    def run(first: int, last: int, skip: int = 0) -> None:
        network.fit(
            batches(training, fit["batch_size"], order, skip) if skip else whole,
            initial_epoch=first,
            epochs=last,
            callbacks=listed,
            validation_data=watched,
            shuffle=False,  # the pipeline has done it
            verbose=0,
        )

    if course.resumed is None:
        order.begin(0)
        rehearse(network, whole, watched, course.layers, course.out, port)
    try:
        if course.resumed and course.resumed.step:
            # Keras makes the variables of metrics with the first batch; they must be there before.
            network.evaluate(batches(training, fit["batch_size"]).take(1), verbose=0)
        _fits(run, network, course, listed)
    except HandedOver:
        return Ending("handover", None, reporter.epochs_completed)
    reason = _reason(network, reporter, course)
    return Ending("finished", reason, reporter.epochs_completed, reporter.gradients)


def _fits(run: Any, network: Any, course: Course, listed: Callbacks) -> None:
    """One fit; two where a checkpoint lies within an epoch: its remaining batches come first."""
    first = course.resumed.epoch if course.resumed else 0
    skip = course.resumed.step if course.resumed else 0
    if skip:
        listed.ends = False
        run(first, first + 1, skip)
        listed.begins, listed.ends = False, True
        first += 1
        if network.stop_training:
            listed.on_train_end()
            return
    run(first, course.epochs)


def _reason(network: Any, reporter: Reporter, course: Course) -> str | None:
    if reporter.stopped_by_user:
        return "user"
    early = network.stop_training and reporter.epochs_completed < course.epochs
    return "early-stopping" if early else None


def evaluate(network: Any, parts: dict[str, Tensors], batch_size: int) -> dict[str, Any]:
    """Loss and metrics on the test part, else on the validation part, else nothing."""
    for part in ("test", "validation"):
        tensors = parts.get(part)
        if tensors is not None:
            data = batches(tensors, batch_size)
            found = network.evaluate(data, return_dict=True, verbose=0)
            return {"part": part, "rows": tensors.rows, "metrics": plain(found)}
    return {"part": None, "rows": 0, "metrics": {}}
