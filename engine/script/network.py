"""The source of a network: a stack as calls of Keras."""

import keyword
import re
from typing import Any

import keras

from engine.plan import clean_session
from engine.script.operations import operation
from engine.script.refusal import refused
from engine.stack import Findings, Network, Spec, Stack, assemble, read, read_object
from engine.stack.line import Line, Ref, arranged
from engine.stack.operations import is_operation


def expression(kind: str, value: Any) -> str:
    """The source of an object of this kind, of a list, or of a dict by output; names stay names."""
    if isinstance(value, dict) and "class_name" not in value:
        inner = (f"{name!r}: {expression(kind, one)}" for name, one in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(expression(kind, one) for one in value) + "]"
    if not isinstance(value, dict):
        return repr(value)
    findings = Findings()
    spec = read_object(kind, value, "", findings)
    if spec is None:
        raise refused(findings.items[0].detail)
    return called(spec)


def called(spec: Spec, **more: Any) -> str:
    """The call that makes an object."""
    entry = spec.entry
    if entry.kind == "activations":
        return repr(entry.name)
    place = "optimizers.schedules" if entry.kind == "schedules" else entry.kind
    module: Any = keras
    for part in place.split("."):
        module = getattr(module, part, None)
    home = f"keras.{place}"
    if getattr(module, entry.name, None) is not entry.target:
        home = entry.target.__module__  # of a layer of Keras's own applications
        if not home.startswith("keras."):
            raise refused(f"{entry.name} stands in no module of Keras")
    given = {**spec.arguments, **more}
    arguments = ", ".join(f"{name}={_value(value)}" for name, value in given.items())
    return f"{home}.{entry.name}({arguments})"


def _value(value: Any) -> str:
    if isinstance(value, Spec):
        return called(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_value(v)}" for k, v in value.items()) + "}"
    return repr(value)


def build_lines(document: dict[str, Any]) -> list[str]:
    """The body of a function that makes the network of a canonical stack and returns it."""
    stack, findings = read(document)
    with clean_session():
        made = assemble(stack, findings)
    if findings.items:
        raise refused(findings.items[0].detail)
    names = _names(stack)
    again = {line.shared for line in stack.lines if line.shared}
    lines = []
    for line in stack.lines:
        lines += _line(line, made, names, again)
    inputs = {line.name: names[line.name] for line in stack.inputs}
    outputs = {name: _tensor(Ref(name), made, names) for name in stack.outputs}
    return [
        *lines,
        "return keras.Model(",
        f"    inputs={_one_or_all(inputs)},",
        f"    outputs={_one_or_all(outputs)},",
        f"    name={stack.name or 'network'!r},",
        ")",
    ]


def _one_or_all(tensors: dict[str, str]) -> str:
    if len(tensors) == 1:
        return next(iter(tensors.values()))
    return "{" + ", ".join(f"{name!r}: {tensor}" for name, tensor in tensors.items()) + "}"


def _line(line: Line, made: Network, names: dict[str, str], again: set[str]) -> list[str]:
    if line.spec is None:
        raise refused(f"the layer {line.name!r} could not be read")
    name = names[line.name]
    if line.is_input:
        arguments = {**line.spec.arguments, "name": line.name}
        given = ", ".join(f"{key}={_value(value)}" for key, value in arguments.items())
        return [f"{name} = keras.Input({given})"]
    tensors = [_tensor(ref, made, names) for ref in line.inputs]
    if is_operation(line):
        call = operation(line, tensors, _given(line, made, names))
        return [f"{name} = named({line.name!r}, {_several(call, line, made)})"]
    lines, layer = [], f"{name}_layer"
    if line.shared:
        layer = f"{names[line.shared]}_layer"
    elif line.name in again:
        lines.append(f"{layer} = {called(line.spec, name=line.name)}")
    else:
        layer = called(line.spec, name=line.name)
    spread = [_argument(tensor) for tensor in arranged(line, tensors)]
    spread += [f"{key}={_kwarg(value, made, names)}" for key, value in line.kwargs.items()]
    call = f"{layer}({', '.join(spread)})"
    return [*lines, f"{name} = {_several(call, line, made)}"]


def _several(call: str, line: Line, made: Network) -> str:
    """The call, its results in a list where there are several."""
    return f"keras.tree.flatten({call})" if len(made.tensors[line.name]) > 1 else call


def _given(line: Line, made: Network, names: dict[str, str]) -> dict[str, str]:
    """The operands of an operation that are tensors and stand in `kwargs`."""
    named = {key: value for key, value in line.kwargs.items() if isinstance(value, Ref)}
    return {key: _tensor(value, made, names) for key, value in named.items()}


def _argument(tensor: Any) -> str:
    return "[" + ", ".join(tensor) + "]" if isinstance(tensor, list) else str(tensor)


def _kwarg(value: Any, made: Network, names: dict[str, str]) -> str:
    if isinstance(value, Ref):
        return _tensor(value, made, names)
    if isinstance(value, list):
        return "[" + ", ".join(_kwarg(one, made, names) for one in value) + "]"
    return repr(value)


def _tensor(ref: Ref, made: Network, names: dict[str, str]) -> str:
    several = len(made.tensors[ref.layer]) > 1
    return f"{names[ref.layer]}[{ref.output}]" if several else names[ref.layer]


def _names(stack: Stack) -> dict[str, str]:
    """A Python name for every layer."""
    found: dict[str, str] = {}
    for line in stack.lines:
        name = re.sub(r"\W", "_", line.name).strip("_") or "layer"
        if name[0].isdigit() or keyword.iskeyword(name) or name in ("keras", "named", "np"):
            name = f"layer_{name}"
        while name in found.values():
            name += "_"
        found[line.name] = name
    return found
