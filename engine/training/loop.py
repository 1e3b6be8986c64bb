"""The fit itself, from the beginning or from a checkpoint, and the evaluation after it."""

from dataclasses import dataclass
from typing import Any

from engine.port import Port
from engine.training.canary import pace, rehearse
from engine.training.feed import Order
from engine.training.goals import Budget, Until, goals
from engine.training.gradients import Probe
from engine.training.pieces import Pieces, Settling
from engine.training.range_test import find_rate
from engine.training.reporter import Callbacks, Course, HandedOver, Reporter, plain
from engine.training.steps import Steps, steps_at_once
from engine.training.tensors import Tensors
from engine.training.watch import Watch


@dataclass(frozen=True)
class Ending:
    """How a training ended: `finished` or `handover`, why early, and after how many epochs."""

    outcome: str
    stop_reason: str | None
    epochs_completed: int


def train(
    network: Any,
    fit: dict[str, Any],
    callbacks: list[Any],
    parts: dict[str, Tensors],
    course: Course,
    port: Port,
    watch: Watch,
) -> Ending:
    """Fit a compiled network on `parts["training"]`, watched on `parts["validation"]` if any.

    `watch` looks on. A training from the beginning sends the canary first; raises what `rehearse`
    raises.
    """
    training = parts["training"]
    order = Order(training.rows, int(fit.get("seed") or 0), bool(fit.get("shuffle", True)))
    order.begin(course.resumed.epoch if course.resumed else 0)
    steps, watched = _stepped(network, parts, int(fit["batch_size"]), order, course.pieces)
    each = _chosen(network, steps, watched, course, port)
    ends = goals(fit)
    reporter = Reporter(
        *(port, course, order, [*callbacks, *ends]),
        *(Probe(network, training, course.pieces.rows), each),
        watched.calls(each) if watched is not None else 0,
    )
    watch.record.gradients = reporter.gradients
    watch.begin(network, training, course.pieces.rows)
    settled = [Settling(course.pieces)] if course.pieces.strategy else []
    listed = Callbacks(
        [*settled, *callbacks, *ends, watch, reporter], network, course.epochs, course.steps
    )

    def run(first: int, last: int, skip: int = 0) -> None:
        network.fit(
            steps.numbers(each, skip),
            initial_epoch=first,
            epochs=last,
            callbacks=listed,
            validation_data=watched.numbers(each) if watched is not None else None,
            shuffle=False,  # the order has done it
            verbose=0,
        )

    try:
        watch.record.found_rate = _rate(network, steps, course, port)
        _fits(run, network, course, listed)
    except HandedOver:
        return Ending("handover", None, reporter.epochs_completed)
    reason = _reason(network, reporter, course, [*ends, watch])
    return Ending("finished", reason, reporter.epochs_completed)


def _stepped(
    network: Any, parts: dict[str, Tensors], batch: int, order: Order, pieces: Pieces
) -> tuple[Steps, Steps | None]:
    """The steps over the training part and those over the validation part, if there is one."""
    steps = Steps(parts["training"], batch, order)
    network.train_function = steps.training(network, pieces)
    if "validation" not in parts:
        return steps, None
    watched = Steps(parts["validation"], batch)
    network.test_function = watched.evaluation(network, pieces)
    return steps, watched


def _chosen(network: Any, steps: Steps, watched: Steps | None, course: Course, port: Port) -> int:
    """How many steps one call makes, as asked for or as measured; tells of it."""
    seconds = _pace(network, steps, watched, course, port)
    each = course.at_once or steps_at_once(seconds, steps.count)
    each = min(each, steps.most or each)
    port.emit(
        "execution",
        steps_per_execution=each,
        seconds_per_step=seconds,
        jit_compile=bool(network.jit_compile),
        rows_at_once=course.pieces.rows,
        devices=course.pieces.devices,
    )
    return each


def _pace(
    network: Any, steps: Steps, watched: Steps | None, course: Course, port: Port
) -> float | None:
    """The seconds of a step, from the canary or, where that has sung before, from some steps.

    Those steps also have Keras make the variables of metrics, which a checkpoint may hold.
    """
    if course.resumed is not None:
        return pace(network, steps.numbers())
    held_out = watched.numbers() if watched is not None else None
    return rehearse(network, steps.numbers(), held_out, course.layers, course.out, port)


def _rate(network: Any, steps: Steps, course: Course, port: Port) -> float | None:
    """The learning rate that a range test has found, now or before; None where none is to.

    A checkpoint holds the rate that it was taken at.
    """
    if not course.finds_rate:
        return None
    if course.resumed is None and course.known_rate is None:
        return find_rate(network, steps, course.out, port)
    if course.resumed is None:
        network.optimizer.learning_rate = course.known_rate
    return course.known_rate


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


def _reason(
    network: Any, reporter: Reporter, course: Course, ends: list[Until | Budget | Watch]
) -> str | None:
    if reporter.stopped_by_user:
        return "user"
    for end in ends:
        if end.reached:
            return end.reason
    early = network.stop_training and reporter.epochs_completed < course.epochs
    return "early-stopping" if early else None


def evaluate(
    network: Any, parts: dict[str, Tensors], batch_size: int, pieces: Pieces
) -> dict[str, Any]:
    """Loss and metrics on the test part, else on the validation part, else nothing."""
    for part in ("test", "validation"):
        tensors = parts.get(part)
        if tensors is not None:
            steps = Steps(tensors, batch_size)
            network.test_function = steps.evaluation(network, pieces)
            found = network.evaluate(steps.numbers(steps.count), return_dict=True, verbose=0)
            return {"part": part, "rows": tensors.rows, "metrics": plain(found)}
    return {"part": None, "rows": 0, "metrics": {}}
