"""The source of operations: a line of a stack as a call of `keras.ops`."""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import keras

from engine.catalog.operations import LISTS, PREFIX, operands
from engine.script.refusal import refused
from engine.stack.line import Line, Ref
from engine.stack.operations import GETITEM, key_parts, key_text

_PLACES = ("keras.ops", "keras.ops.nn", "keras.ops.image", "keras.ops.linalg")
_NAMED_OTHERWISE = {
    "BatchNorm": "batch_normalization",
    "LayerNorm": "layer_normalization",
    "RMSNorm": "rms_normalization",
}


def operation(line: Line, tensors: list[str], given: dict[str, str]) -> str:
    """The call that makes what the line gives.

    `tensors` are the names of its inputs in the script, `given` those of the tensors in `kwargs`.
    """
    if line.spec is None:
        raise refused(f"the operation {line.name!r} could not be read")
    if line.class_name == GETITEM:
        key = line.kwargs.get("key")
        index = given.get("key") or key_text(key_parts(key))  # type: ignore[arg-type]
        return f"{tensors[0]}[{index}]"
    name = line.class_name.removeprefix(PREFIX)
    place, function = _function(name)
    waiting = ["[" + ", ".join(tensors) + "]"] if name in LISTS else list(tensors)
    known: dict[str, str] = {}
    for operand in operands(line.spec.entry.target)[0]:
        if operand in line.kwargs:
            known[operand] = given.get(operand) or _constant(line.kwargs[operand])
        elif waiting:
            known[operand] = waiting.pop(0)
    settings = _settings(line, function)
    if waiting:  # operands of any number, which follow what says how they are taken
        return f"{place}({', '.join([*settings.values(), *known.values(), *waiting])})"
    said = [f"{name}={source}" for name, source in settings.items()]
    return f"{place}({', '.join([*_placed(known, function), *said])})"


@cache
def _function(name: str) -> tuple[str, Callable[..., Any]]:
    """Where the function of an operation stands, and itself."""
    plain = _NAMED_OTHERWISE.get(name, name).replace("_", "").lower()
    for place in _PLACES:
        module: Any = keras
        for part in place.split(".")[1:]:
            module = getattr(module, part)
        for known, function in vars(module).items():
            if known.replace("_", "") == plain:
                return f"{place}.{known}", function
    raise refused(f"keras.ops has no function for the operation {name}")


def _settings(line: Line, function: Callable[..., Any]) -> dict[str, str]:
    """What the operation is made with: all that was given, and where the function's default is
    another than the operation's.
    """
    if line.spec is None:
        return {}
    found = {name: repr(_tuples(value)) for name, value in line.spec.arguments.items()}
    taken = inspect.signature(function).parameters
    for name, own in inspect.signature(line.spec.entry.target).parameters.items():
        said = name in found or own.default is inspect.Parameter.empty
        if name in taken and not said and own.default != taken[name].default:
            found[name] = repr(own.default)
    return found


def _placed(known: dict[str, str], function: Callable[..., Any]) -> list[str]:
    """The operands of a call: by their place where the function has them in this order, else by
    name.
    """
    places = list(inspect.signature(function).parameters)[: len(known)]
    if places == list(known):
        return list(known.values())
    return [f"{name}={source}" for name, source in known.items()]


def _constant(value: Any) -> str:
    if isinstance(value, Ref):
        raise TypeError("a tensor is no constant")
    if not isinstance(value, dict):
        return repr(value)
    dtype = "float32" if value["dtype"] == "bfloat16" else value["dtype"]
    return f"np.array({value['value']!r}, {dtype!r})"


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
