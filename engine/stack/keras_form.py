"""A stack as Keras's own JSON, which `keras.models.model_from_json` loads.

A plain stack becomes a Sequential, any other a Functional. Configs hold the arguments that the
stack gives, and those that Keras writes beside them. The name of a later call of a shared layer,
for which Keras has no place, stands in its node as `name`, and which lines the calls were in the
layer's `lines`; Keras passes over both and our reader reads them.
"""

import json
from collections import Counter
from typing import Any

import keras
from keras.src.api_export import get_name_from_symbol

from engine.catalog import Entry
from engine.catalog.roles import role

from .findings import Findings
from .keras_calls import called
from .line import Line, Ref, arranged
from .network import Network
from .operations import GETITEM, is_operation, key_parts, operand_list
from .spec import Spec
from .stack import Stack

UNNAMED = "network"
"""What a network is called whose stack has no name."""

MADE_UP = ("name", "seed")
"""What Keras makes up where it is given none."""

NOT_LOADED = ("RandomShear",)
"""Layers whose config, as Keras writes it, holds arguments that their constructor refuses."""


def to_keras(stack: Stack, network: Network, findings: Findings) -> dict[str, Any]:
    """The document of a sound stack; what stands in its way is noted.

    `network` is the stack assembled, for Keras's form holds the shapes of all tensors.
    """
    for line in stack.lines:
        if line.is_input and line.name not in network.tensors:
            detail = f"Keras's form needs the shape of {line.name!r}: give the Input its 'shape'."
            findings.add(line.pointer, "missing-argument", detail)
        elif any(name in NOT_LOADED for name in _classes(line.spec)):
            detail = f"Keras cannot load what it writes of a {line.shown}."
            findings.add(line.pointer, "bad-value", detail)
    if findings.items:
        return {}
    if _is_plain(stack, network):
        return _sequential(stack)
    return _Functional(stack, network).to_json()


def _classes(value: Any) -> list[str]:
    """The names of all classes that a spec holds."""
    if isinstance(value, list):
        return [name for member in value for name in _classes(member)]
    if not isinstance(value, Spec):
        return []
    inner = [name for member in value.arguments.values() for name in _classes(member)]
    return [value.entry.name, *inner]


def _is_plain(stack: Stack, network: Network) -> bool:
    """Whether every layer takes the one output of the layer above and nothing else."""
    above: Line | None = None
    for line in stack.lines:
        wanted = [Ref(above.name)] if above else []
        special = line.kwargs or line.shared or is_operation(line)
        if line.inputs != wanted or special or len(network.tensors[line.name]) != 1:
            return False
        if above and len(arranged(line, [0])) != 1:
            return False
        above = line
    return above is not None and len(stack.lines) > 1 and stack.outputs == [above.name]


def _sequential(stack: Stack) -> dict[str, Any]:
    layers = [_layer(line) for line in stack.lines]
    config = {"name": stack.name or UNNAMED, "trainable": True, "layers": layers}
    shape = layers[0]["config"]["batch_shape"]
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {**config, "build_input_shape": shape},
        "registered_name": None,
    }


class _Functional:
    """Writes the layers of a stack, each with the nodes of all its calls."""

    def __init__(self, stack: Stack, network: Network) -> None:
        self.stack, self.network = stack, network
        self._is_shared = any(line.shared for line in stack.lines)
        self._places: dict[str, tuple[str, int]] = {}
        self._layers: dict[str, dict[str, Any]] = {}
        self._calls: Counter[str] = Counter()

    def to_json(self) -> dict[str, Any]:
        """The whole document."""
        for line in self.stack.lines:
            self._add(line)
        config = {
            "name": self.stack.name or UNNAMED,
            "trainable": True,
            "layers": list(self._layers.values()),
            "input_layers": self._ends([line.name for line in self.stack.inputs]),
            "output_layers": self._ends(self.stack.outputs),
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": config,
            "registered_name": "Functional",
        }

    def _add(self, line: Line) -> None:
        first = line.shared or line.name
        if not line.shared:
            self._layers[first] = {**_layer(line), "name": first, "inbound_nodes": []}
        count = self._calls[first]
        self._calls[first] += 1
        if self._is_shared:
            self._layers[first].setdefault("lines", []).append(len(self._places))
        self._places[line.name] = (first, count)
        if line.is_input:
            return
        node = self._node(line)
        if called(first, count) != line.name:
            node["name"] = line.name
        self._layers[first]["inbound_nodes"].append(node)

    def _node(self, line: Line) -> dict[str, Any]:
        tensors = [self._tensor(ref) for ref in line.inputs]
        kwargs = {name: self._value(value) for name, value in line.kwargs.items()}
        if not is_operation(line):
            return {"args": arranged(line, tensors), "kwargs": kwargs}
        constants = {
            name: value if isinstance(line.kwargs[name], Ref) else _constant(line, name, value)
            for name, value in kwargs.items()
        }
        return {"args": operand_list(line, tensors, constants), "kwargs": {}}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Ref):
            return self._tensor(value)
        if isinstance(value, list):
            return [self._value(member) for member in value]
        return value

    def _tensor(self, ref: Ref) -> dict[str, Any]:
        tensor = self.network.tensors[ref.layer][ref.output]
        config = {
            "shape": list(tensor.shape),
            "dtype": keras.backend.standardize_dtype(tensor.dtype),
            "keras_history": [*self._places[ref.layer], ref.output],
        }
        return {"class_name": "__keras_tensor__", "config": config}

    def _ends(self, names: list[str]) -> Any:
        """Inputs or outputs: one alone, several by name."""
        ends = {name: [*self._places[name], 0] for name in names}
        return ends if len(ends) > 1 else next(iter(ends.values()))


def _constant(line: Line, name: str, value: Any) -> Any:
    if line.class_name == GETITEM and name == "key":
        return key_parts(value)
    return {"class_name": "__numpy__", "config": value} if isinstance(value, dict) else value


def _layer(line: Line) -> dict[str, Any]:
    """The layer of a line without its calls."""
    if line.spec is None:
        raise ValueError(f"the layer {line.name!r} could not be read")
    written: dict[str, Any] = _object(line.spec)
    config = {"name": line.name, **written["config"]}
    if line.is_input:
        config.pop("batch_shape", None)
        config["batch_shape"] = [None, *config.pop("shape")]
    # Keras passes over `weights`, which the stack takes from a file or a model.
    source = {"weights": line.weights.to_json()} if line.weights else {}
    return {**written, "config": config, **source}


def _object(spec: Spec) -> Any:
    if spec.entry.kind == "activations":
        return spec.entry.name
    module, class_name, registered = _identity(spec.entry)
    arguments = {name: _plain(value) for name, value in spec.arguments.items()}
    if spec.entry.kind == "layers":
        arguments = _settled(spec) | arguments
    return {
        "module": module,
        "class_name": class_name,
        "config": arguments,
        "registered_name": registered,
    }


def _settled(spec: Spec) -> dict[str, Any]:
    """What Keras writes of the layer: some classes cannot be read without all of it."""
    written = keras.saving.serialize_keras_object(spec.create())["config"]
    found: dict[str, Any] = json.loads(json.dumps(written))
    return {
        name: value
        for name, value in found.items()
        # A layer within that is not given, as the backward one, Keras makes of the one that is.
        if name not in MADE_UP and role("layers", name) != "layers"
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Spec):
        return _object(value)
    return [_plain(member) for member in value] if isinstance(value, list) else value


def _identity(entry: Entry) -> tuple[str, str, str | None]:
    """Module, class and registered name by which Keras finds a class again."""
    public = get_name_from_symbol(entry.target)
    if public:
        module, _, name = public.rpartition(".")
        return module, name, None
    name = entry.target.__name__
    return entry.target.__module__, name, name
