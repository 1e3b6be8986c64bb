"""Optimizer, loss, metrics and callbacks of a canonical request as Keras objects."""

from typing import Any

from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.stack import build_object
from engine.targets import TargetEncoding


def compile_network(network: Any, settings: dict[str, Any]) -> None:
    """Compile by the `compile` section; what is no optimizer, loss or metric passes through."""
    rest = {
        key: value
        for key, value in settings.items()
        if key not in ("optimizer", "loss", "metrics", "weighted_metrics", "steps_per_execution")
    }
    network.compile(
        optimizer=build_object("optimizers", settings["optimizer"]),
        loss=_built("losses", settings["loss"]),
        metrics=_built("metrics", settings.get("metrics")),
        weighted_metrics=_built("metrics", settings.get("weighted_metrics")),
        **rest,
    )


def _built(kind: str, value: Any) -> Any:
    """Objects where the value describes them; names stay names, which Keras fits to outputs."""
    if isinstance(value, dict):
        if "class_name" in value:
            return build_object(kind, value)
        return {key: _built(kind, member) for key, member in value.items()}
    if isinstance(value, list):
        return [_built(kind, member) for member in value]
    return value


def build_callbacks(given: list[Any]) -> list[Any]:
    """The callbacks of a request."""
    return [build_object("callbacks", value) for value in given]


def target_columns(target: Any, schema: Schema) -> dict[str | None, str]:
    """Column by output name; the name is None where the request leaves it to the network."""
    if isinstance(target, dict):
        return dict(target)
    if target is not None:
        return {None: target}
    labels = [column.name for column in schema.columns if column.role == "label"]
    if not labels:
        raise Fault("data-error", "The request names no target and the data has no labels.")
    return {None: labels[0]}


def make_targets(
    network: Any, columns: dict[str | None, str], settings: dict[str, Any], schema: Schema
) -> dict[str, TargetEncoding]:
    """The target of each output of the network, in the network's order."""
    found = {}
    shapes = output_shapes(network)
    for place, name in enumerate(network.output_names):
        column = columns.get(name, columns.get(None))
        if column is None:
            raise Fault("data-error", f"The output {name!r} has no target column.")
        loss = loss_of(settings["loss"], name, place)
        try:
            found[name] = TargetEncoding.make(schema.column(column), *named(loss), shapes[name])
        except ValueError as error:
            raise Fault("data-error", str(error)) from None
    return found


def output_shapes(network: Any) -> dict[str, tuple[int | None, ...]]:
    """The shape of one row of each output."""
    tensors = network.output
    if not isinstance(tensors, dict):
        tensors = dict(zip(network.output_names, network.outputs, strict=True))
    return {name: tuple(tensor.shape[1:]) for name, tensor in tensors.items()}


def loss_of(loss: Any, name: str, place: int) -> Any:
    """The loss of the output of this name and place, from any form of `compile.loss`."""
    if isinstance(loss, list):
        return loss[place]
    if isinstance(loss, dict) and "class_name" not in loss:
        return loss.get(name)
    return loss


def named(loss: Any) -> tuple[str | None, bool]:
    """A loss's name, and whether it takes logits."""
    if not isinstance(loss, dict):
        return loss, False
    arguments = loss.get("config") or loss
    return loss["class_name"], bool(arguments.get("from_logits", False))
