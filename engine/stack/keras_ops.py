"""Operations of `keras.ops` in a saved model, as the layers that do the same.

Any `x + y` of a user makes one. Those that no layer matches exactly are refused by name.
"""

import re
from typing import Any

from engine.catalog import find

from .findings import Findings
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


def layer_of(
    line: dict[str, Any], arguments: Any, kwargs: dict[str, Any], pointer: str, findings: Findings
) -> dict[str, Any]:
    """The line of the layer that does what the operation does.

    A refused operation is noted and gives an Identity, so that the rest can be checked.
    """
    name = line.get("class_name")
    config = line.get("config") if isinstance(line.get("config"), dict) else {}
    found = None
    if isinstance(name, str) and isinstance(arguments, list) and not _says_more(kwargs):
        found = _merge(name, arguments) or _scaled(name, arguments) or _activation(name, arguments)
        found = found or _joined(name, arguments, config or {})
    if found is None:
        detail = f"The operation keras.ops {str(name)[:100]!r} is not offered here; use a layer."
        findings.add(join(pointer, "class_name"), "forbidden-class", detail)
        inputs = [one for one in arguments if _is_ref(one)] if isinstance(arguments, list) else []
        found = {"class_name": "Identity", **({"inputs": inputs[0]} if inputs else {})}
    return {"name": line["name"], **found}


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


def _joined(name: str, arguments: list[Any], config: dict[str, Any]) -> dict[str, Any] | None:
    """`concatenate` along an axis."""
    if name != "Concatenate" or len(arguments) != 1 or not isinstance(arguments[0], list):
        return None
    if not all(_is_ref(one) for one in arguments[0]):
        return None
    return {"class_name": name, "inputs": arguments[0], "axis": config.get("axis", -1)}
