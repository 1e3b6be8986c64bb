"""The lines of a plan: what each layer takes, gives, holds and costs."""

from dataclasses import dataclass
from math import prod
from typing import Any

from engine.stack import Network, Stack
from engine.stack.line import Line
from engine.stack.operations import is_operation

from .flops import flops
from .receptive_field import receptive_fields
from .workspace import workspace

_BYTES = {"bool": 1, "string": 16, "float16": 2, "bfloat16": 2, "float64": 8}


@dataclass(frozen=True)
class Totals:
    """Parameters of a whole network, and the bytes its activations take for one row.

    `activation_bytes` counts the known layers; `largest_bytes` is the largest one among them.
    `workspace_bytes` is what layers hold in training beside their outputs.
    """

    trainable: int
    frozen: int
    activation_bytes: int
    largest_bytes: int
    workspace_bytes: int

    def parameters(self) -> dict[str, int]:
        """The counts as a plan shows them."""
        return {
            "total": self.trainable + self.frozen,
            "trainable": self.trainable,
            "frozen": self.frozen,
        }


def item_bytes(dtype: str) -> int:
    """Bytes of one element of a dtype, by its Keras name."""
    if dtype in _BYTES:
        return _BYTES[dtype]
    digits = "".join(character for character in dtype if character.isdigit())
    return int(digits) // 8 if digits else 4


def count(variables: list[Any]) -> int:
    """The number of values in these variables, as a Python integer of any size."""
    return sum(prod(variable.shape) for variable in variables)


def describe(stack: Stack, network: Network) -> list[dict[str, Any]]:
    """A line per layer; what is unknown because a shape is, is null."""
    fields = receptive_fields(stack, network)
    return [_line(line, network, fields.get(line.name)) for line in stack.lines]


def _line(line: Line, network: Network, field: list[int | None] | None) -> dict[str, Any]:
    layer = network.layers.get(line.name)
    results = network.tensors.get(line.name)
    given = [network.tensors[ref.layer][ref.output] for ref in line.inputs] if results else []
    weights = None
    if layer is not None and results:
        weights = ([], []) if line.shared or is_operation(line) else _weights(layer)
    return {
        "name": line.name,
        "class_name": line.shown,
        "input_shape": _shapes(given),
        "output_shape": _shapes(results or []),
        "parameters": {
            "trainable": count(weights[0]) if weights else None,
            "frozen": count(weights[1]) if weights else None,
        },
        "activation_bytes": _activation_bytes(results),
        "workspace_bytes": _workspace_bytes(layer, given, results),
        "flops": flops(layer, tuple(given[0].shape), tuple(results[0].shape))
        if results and given
        else None,
        "receptive_field": field,
        **_equipment(layer),
    }


def _weights(layer: Any) -> tuple[list[Any], list[Any]]:
    return layer.trainable_weights, layer.non_trainable_weights


def _equipment(layer: Any) -> dict[str, Any]:
    """What almost all layers have: weights, an activation, a bias; null for a layer not made."""
    inner = getattr(layer, "layer", None) or layer
    activation = getattr(inner, "activation", None)
    return {
        "weights": bool(getattr(layer, "weights", None)) if _is_built(layer) else None,
        "activation": getattr(activation, "__name__", None),
        "bias": bool(getattr(inner, "use_bias", False)) if layer is not None else None,
    }


def _is_built(layer: Any) -> bool:
    # An operation of keras.ops has nothing to build.
    return layer is not None and getattr(layer, "built", True)


def _shapes(tensors: list[Any]) -> list[Any] | None:
    """One shape as a list, several as a list of lists, None for none."""
    shapes = [list(tensor.shape) for tensor in tensors]
    return shapes[0] if len(shapes) == 1 else shapes or None


def _activation_bytes(tensors: list[Any] | None) -> int | None:
    if not tensors:
        return None
    total = 0
    for tensor in tensors:
        if None in tensor.shape[1:]:
            return None
        total += prod(tensor.shape[1:]) * item_bytes(str(tensor.dtype))
    return total


def _workspace_bytes(layer: Any, given: list[Any], results: list[Any] | None) -> int | None:
    if not results or not given:
        return None
    values = workspace(layer, tuple(given[0].shape), tuple(results[0].shape))
    return values * item_bytes(str(results[0].dtype))


def totals(lines: list[dict[str, Any]]) -> Totals:
    """The sums over the lines of a plan."""
    activations = [line["activation_bytes"] or 0 for line in lines]
    return Totals(
        trainable=sum(line["parameters"]["trainable"] or 0 for line in lines),
        frozen=sum(line["parameters"]["frozen"] or 0 for line in lines),
        activation_bytes=sum(activations),
        largest_bytes=max(activations, default=0),
        workspace_bytes=sum(line["workspace_bytes"] or 0 for line in lines),
    )
