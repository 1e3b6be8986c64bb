"""Making the Keras network of a read stack, for a check or for real."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import keras

from .document import read
from .findings import Findings
from .line import Line, Ref, arranged
from .objects import create
from .operations import check_results, constants, is_operation, operand_list
from .shapes import explain
from .stack import Stack

Shapes = dict[str, tuple[tuple[int | None, ...], str]]


@dataclass
class Network:
    """The layers and symbolic tensors of a stack by layer name; what failed is absent."""

    layers: dict[str, Any] = field(default_factory=dict)
    tensors: dict[str, list[Any]] = field(default_factory=dict)

    def model(self, stack: Stack) -> Any:
        """The Keras model. One input and one output are plain, several are dicts by name."""
        inputs = {line.name: self.tensors[line.name][0] for line in stack.inputs}
        outputs = {name: self.tensors[name][0] for name in stack.outputs}
        return keras.Model(
            inputs=inputs if len(inputs) > 1 else next(iter(inputs.values())),
            outputs=outputs if len(outputs) > 1 else next(iter(outputs.values())),
            name=stack.name or "network",
        )


def assemble(stack: Stack, findings: Findings, shapes: Shapes | None = None) -> Network:
    """Make every layer and call it on the outputs before it, going on after an error.

    `shapes` gives Inputs without a shape theirs: shape of one row, dtype. Layers below an
    unknown shape are made, so that their arguments are checked, but not called.
    """
    network = Network()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for line in stack.lines:
            if line.is_input:
                _add_input(line, network, shapes or {}, findings)
            elif line.spec is not None:
                _add_layer(line, network, stack, findings)
    return network


def _add_input(line: Line, network: Network, shapes: Shapes, findings: Findings) -> None:
    if line.spec is None:
        return
    arguments = dict(line.spec.arguments)
    if "shape" not in arguments:
        if line.name not in shapes:
            return
        arguments["shape"], dtype = shapes[line.name]
        arguments.setdefault("dtype", dtype)
    layer = create(line.spec, findings, name=line.name, **arguments)
    if layer is not None:
        network.layers[line.name] = layer
        network.tensors[line.name] = [layer.output]


def _add_layer(line: Line, network: Network, stack: Stack, findings: Findings) -> None:
    if line.spec is None:
        return
    if line.shared:
        layer = network.layers.get(line.shared)
    else:
        layer = create(line.spec, findings, name=line.name)
    if layer is None:
        return
    network.layers[line.name] = layer
    tensors = [_tensor(ref, line, network, findings) for ref in line.inputs]
    kwargs = {name: _value(value, line, network, findings) for name, value in line.kwargs.items()}
    if not tensors or any(tensor is None for tensor in _flat([tensors, list(kwargs.values())])):
        return
    try:
        if is_operation(line):
            values = operand_list(line, tensors, constants(line, kwargs))
            results = keras.tree.flatten(layer(*values))
            if not check_results(line, results, findings):
                return
        else:
            results = keras.tree.flatten(layer(*arranged(line, tensors), **kwargs))
        network.tensors[line.name] = results
    except Exception as error:
        explain(line, layer, tensors, error, stack, findings)


def _flat(values: list[Any]) -> list[Any]:
    return [
        leaf for value in values for leaf in (_flat(value) if isinstance(value, list) else [value])
    ]


def _tensor(ref: Ref, line: Line, network: Network, findings: Findings) -> Any:
    tensors = network.tensors.get(ref.layer)
    if tensors is None:
        return None
    if ref.output >= len(tensors):
        detail = f"{ref.layer!r} gives {len(tensors)} output(s), counted from 0."
        findings.add(line.pointer, "unknown-input", detail)
        return None
    return tensors[ref.output]


def _value(value: Any, line: Line, network: Network, findings: Findings) -> Any:
    if isinstance(value, Ref):
        return _tensor(value, line, network, findings)
    if isinstance(value, list):
        return [_value(member, line, network, findings) for member in value]
    return value if value is not None else False


def build_network(stack: dict[str, Any] | list[Any]) -> Any:
    """The Keras model of a canonical stack, with weights, ready to compile.

    Inputs must have shapes. With several Inputs the model takes a dict by Input name, with
    several outputs it gives one by layer name. Raises Fault("invalid-stack") otherwise.
    """
    read_stack, findings = read(stack)
    network = assemble(read_stack, findings) if not findings.items else Network()
    for line in read_stack.inputs:
        if line.name not in network.tensors and not findings.items:
            findings.add(line.pointer, "missing-argument", f"The Input {line.name!r} has no shape.")
    findings.refuse("invalid-stack")
    return network.model(read_stack)
