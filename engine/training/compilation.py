"""Optimizer, loss, metrics and callbacks of a canonical request as Keras objects."""

from dataclasses import dataclass
from typing import Any

import keras

from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.stack import build_object
from engine.targets import TargetEncoding, Way, way_from_json
from engine.targets.number import Number
from engine.training.units import InUnits


@dataclass(frozen=True)
class Asked:
    """The columns that an output learns, and the way; None for the usual one."""

    columns: list[str]
    way: Way | None = None

    @property
    def blank(self) -> bool:
        """Whether an empty cell is a target: a list of labels that is empty."""
        return self.way is not None and self.way.name == "multi_label" and len(self.columns) == 1


def compile_network(
    network: Any, settings: dict[str, Any], targets: dict[str, TargetEncoding] | None = None
) -> None:
    """Compile by the `compile` section; what is no optimizer, loss or metric passes through."""
    rest = {
        key: value
        for key, value in settings.items()
        if key not in ("optimizer", "loss", "metrics", "weighted_metrics", "steps_per_execution")
    }
    network.compile(
        optimizer=build_object("optimizers", settings["optimizer"]),
        loss=_built("losses", settings["loss"]),
        metrics=_metrics(settings.get("metrics"), targets or {}),
        weighted_metrics=_metrics(settings.get("weighted_metrics"), targets or {}),
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


def _metrics(given: Any, targets: dict[str, TargetEncoding]) -> Any:
    """Metrics; those of scaled numbers in the units of the data."""
    built = _built("metrics", given)
    ways = {name: target.way for name, target in targets.items()}
    if isinstance(built, dict):
        return {name: _in_units(one, ways.get(name)) for name, one in built.items()}
    return _in_units(built, next(iter(ways.values()))) if len(ways) == 1 else built


def _in_units(built: Any, way: Way | None) -> Any:
    if not isinstance(way, Number) or way.scale == "none":
        return built
    if isinstance(built, list):
        return [_in_units(one, way) for one in built]
    return InUnits(keras.metrics.get(built), way)


def build_callbacks(given: list[Any]) -> list[Any]:
    """The callbacks of a request."""
    return [build_object("callbacks", value) for value in given]


def target_columns(target: Any, schema: Schema) -> dict[str | None, Asked]:
    """What each output learns; the name is None where the request leaves it to the network.

    `target` is a canonical `data.target`: a name, names, an object with `columns`, or one of these
    by output.
    """
    if isinstance(target, dict) and not _single(target):
        return {name: _asked(one) for name, one in target.items()}
    if target is not None:
        return {None: _asked(target)}
    labels = [column.name for column in schema.columns if column.role == "label"]
    if not labels:
        raise Fault("data-error", "The request names no target and the data has no labels.")
    return {None: Asked(labels[:1])}


def _single(target: dict[str, Any]) -> bool:
    """Whether an object describes one target: its way is an object that names a class."""
    way = target.get("encoding")
    return "columns" in target and isinstance(way, dict) and "class_name" in way


def _asked(target: Any) -> Asked:
    if isinstance(target, dict):
        columns = target["columns"]
        names = columns if isinstance(columns, list) else [columns]
        return Asked(names, way_from_json(target["encoding"]))
    return Asked(target if isinstance(target, list) else [target])


def make_targets(
    network: Any, wanted: dict[str | None, Asked], settings: dict[str, Any], schema: Schema
) -> dict[str, TargetEncoding]:
    """The target of each output of the network, in the network's order."""
    found = {}
    shapes = output_shapes(network)
    for place, name in enumerate(network.output_names):
        asked = wanted.get(name, wanted.get(None))
        if asked is None:
            raise Fault("data-error", f"The output {name!r} has no target column.")
        loss = named(loss_of(settings["loss"], name, place))
        columns = [schema.column(column) for column in asked.columns]
        try:
            found[name] = TargetEncoding.make(columns, *loss, shapes[name], asked.way)
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
