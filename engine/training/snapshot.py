"""Everything a training needs to go on as if it had never stopped: variables and callbacks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.faults import Fault

_FOREIGN = "The checkpoint belongs to another network."


@dataclass
class Snapshot:
    """The state before batch `step` of epoch `epoch` (both from 0).

    `variables` are those of the network (seeds included) and the optimizer in their order,
    `metrics` the running metrics of an epoch that was begun, `callbacks` one dict per callback
    of plain values and lists of arrays.
    """

    epoch: int
    step: int
    variables: Sequence[Array]
    metrics: list[Array] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)


def take(network: Any, callbacks: list[Any], epoch: int, step: int) -> Snapshot:
    """The state of a compiled network in training.

    The arrays are views of the variables' own memory. TensorFlow never writes into memory that
    somebody else holds: what is assigned later goes to new memory, and the views stay as they are.
    """
    metrics = [variable.numpy() for variable in network.metrics_variables] if step else []
    return Snapshot(
        epoch=epoch,
        step=step,
        variables=[_view(variable) for variable in _variables(network)],
        metrics=[np.asarray(value) for value in metrics],
        callbacks=[_callback_state(callback) for callback in callbacks],
    )


def restore(snapshot: Snapshot, network: Any, callbacks: list[Any]) -> None:
    """Put variables and callbacks back. Raises Fault("internal") when they do not match."""
    variables = _variables(network)
    if len(variables) != len(snapshot.variables):
        raise Fault("internal", _FOREIGN)
    for variable, value in zip(variables, snapshot.variables, strict=True):
        if tuple(variable.shape) != value.shape:
            raise Fault("internal", _FOREIGN)
        variable.assign(value)
    for callback, state in zip(callbacks, snapshot.callbacks, strict=True):
        vars(callback).update(state)


def restore_metrics(snapshot: Snapshot, network: Any) -> None:
    """Put back the running metrics of the epoch that the snapshot was taken in."""
    for variable, value in zip(network.metrics_variables, snapshot.metrics, strict=True):
        variable.assign(value)


def _variables(network: Any) -> list[Any]:
    if not network.optimizer.built:  # Keras waits for the first step
        network.optimizer.build(network.trainable_variables)
    running = {id(variable) for variable in network.metrics_variables}
    own = [variable for variable in network.variables if id(variable) not in running]
    return own + list(network.optimizer.variables)


def _view(variable: Any) -> Array:
    return np.asarray(variable.value.read_value())


def _callback_state(callback: Any) -> dict[str, Any]:
    """The attributes of a callback that are plain values or lists of arrays.

    Without `min_delta`: a callback that monitors turns its sign when it first looks.
    """
    state: dict[str, Any] = {}
    for name, value in vars(callback).items():
        if name in {"_model", "params", "min_delta"}:
            continue
        if isinstance(value, np.generic):
            state[name] = value.item()
        elif _is_plain(value):
            state[name] = value
    return state


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, np.ndarray) for one in value)
    return value is None or isinstance(value, bool | int | float | str)
