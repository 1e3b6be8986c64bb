"""Operations of `keras.ops` in a saved model, as lines of a stack.

Any `x + y` of a user makes one. Where a layer does exactly the same it takes the place of the
operation, for plans and advice know layers better; all others stay operations (`ops.Mean`).
"""

import re
from typing import Any

from engine.catalog import find
from engine.catalog.operations import LISTS, PREFIX, operands

from .findings import Findings
from .keras_calls import leaves, refs_in
from .objects import look_up
from .operations import key_text
from .pointer import join

_MODULE = re.compile(r"^keras(\.src)?\.ops(\.|$)")
_MERGES = ("Add", "Subtract", "Multiply", "Maximum", "Minimum")
_ACTIVATIONS = {
    "Relu": "relu",
    "Relu6": "relu6",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "Silu": "silu",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Selu": "selu",
    "HardSigmoid": "hard_sigmoid",
    "HardSilu": "hard_silu",
    "LogSigmoid": "log_sigmoid",
    "Exp": "exponential",
}


def is_operation(layer: dict[str, Any]) -> bool:
    """Whether a member of a saved model is an operation and no layer."""
    module = layer.get("module")
    return isinstance(module, str) and bool(_MODULE.match(module))


def line_of(
    line: dict[str, Any],
    arguments: Any,
    kwargs: dict[str, Any],
    floating: bool,
    pointer: str,
    findings: Findings,
) -> dict[str, Any]:
    """The line of a layer that does what the operation does, or of the operation itself.

    `floating`: whether it is given floats; layers turn whole numbers into them. A refused
    operation is noted and gives an Identity, so that the rest can be checked.
    """
    name, config = line.get("class_name"), line.get("config")
    found = None
    if isinstance(name, str) and isinstance(arguments, list):
        if floating and not _says_more(kwargs):
            found = _merge(name, arguments) or _scaled(name, arguments)
            found = found or _activation(name, arguments) or _joined(name, arguments, config)
        found = found or _operation(line, arguments, kwargs, pointer, findings)
    if found is None:
        inputs = [one for one in arguments if _is_ref(one)] if isinstance(arguments, list) else []
        found = {"class_name": "Identity", **({"inputs": inputs[0]} if inputs else {})}
    return {"name": line["name"], **found}


def _operation(
    line: dict[str, Any],
    arguments: list[Any],
    kwargs: dict[str, Any],
    pointer: str,
    findings: Findings,
) -> dict[str, Any] | None:
    """The operation itself with its operands by name; None after noting why it is refused."""
    place = join(pointer, "class_name")
    entry = look_up("layers", PREFIX + line["class_name"], place, findings)
    if entry is None:
        return None
    named, more = operands(entry.target)
    if entry.name.removeprefix(PREFIX) in LISTS:
        if len(refs_in(arguments)) != len(leaves(arguments)):
            findings.add(pointer, "bad-value", f"{entry.name} takes outputs of layers alone here.")
        arguments = refs_in(arguments)
    else:
        pairs = list(zip(named, arguments, strict=False))
        kwargs = {name: given for name, given in pairs if not _is_ref(given)} | kwargs
        taken = [given for _, given in pairs if _is_ref(given)]
        arguments = taken + (arguments[len(named) :] if more else [])
    config = line.get("config")
    found = {"class_name": entry.name, "config": config if isinstance(config, dict) else {}}
    said = {name: _constant(name, one) for name, one in kwargs.items() if one is not None}
    if arguments:
        found["inputs"] = arguments
    return {**found, **({"kwargs": said} if said else {})}


def _constant(name: str, value: Any) -> Any:
    """A constant operand as a stack writes it; whatever is none is left for the reader."""
    if name == "key":
        text = key_text(value)
        return value if text is None else text
    if isinstance(value, dict) and value.get("class_name") in ("__tensor__", "__numpy__"):
        return value.get("config")
    return value


def _says_more(kwargs: dict[str, Any]) -> bool:
    return any(value is not None for value in kwargs.values())


def _is_ref(value: Any) -> bool:
    return isinstance(value, dict) and "layer" in value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _merge(name: str, arguments: list[Any]) -> dict[str, Any] | None:
    if name in _MERGES and len(arguments) == 2 and all(_is_ref(one) for one in arguments):
        return {"class_name": name, "inputs": arguments}
    return None


def _scaled(name: str, arguments: list[Any]) -> dict[str, Any] | None:
    """Arithmetic with a number is a Rescaling: `scale * x + offset`."""
    if name == "Negative" and len(arguments) == 1 and _is_ref(arguments[0]):
        return _rescaling(arguments[0], -1.0, 0.0)
    if len(arguments) != 2:
        return None
    first, second = arguments
    if _is_ref(first) and _is_number(second):
        number = float(second)
        rules = {"Add": (1.0, number), "Subtract": (1.0, -number), "Multiply": (number, 0.0)}
        if number:
            rules |= {"TrueDivide": (1 / number, 0.0), "Divide": (1 / number, 0.0)}
        return _rescaling(first, *rules[name]) if name in rules else None
    if _is_number(first) and _is_ref(second):
        number = float(first)
        rules = {"Add": (1.0, number), "Subtract": (-1.0, number), "Multiply": (number, 0.0)}
        return _rescaling(second, *rules[name]) if name in rules else None
    return None


def _rescaling(ref: Any, scale: float, offset: float) -> dict[str, Any]:
    return {"class_name": "Rescaling", "inputs": ref, "scale": scale, "offset": offset}


def _activation(name: str, arguments: list[Any]) -> dict[str, Any] | None:
    known = _ACTIVATIONS.get(name)
    if known is None or len(arguments) != 1 or not _is_ref(arguments[0]):
        return None
    if find("activations", known) is None:
        return None
    return {"class_name": "Activation", "activation": known, "inputs": arguments[0]}


def _joined(name: str, arguments: list[Any], config: Any) -> dict[str, Any] | None:
    """`concatenate` along an axis."""
    if name != "Concatenate" or len(arguments) != 1 or not isinstance(arguments[0], list):
        return None
    if not all(_is_ref(one) for one in arguments[0]):
        return None
    axis = config.get("axis", 0) if isinstance(config, dict) else 0
    return {"class_name": name, "inputs": arguments[0], "axis": axis} if axis else None
