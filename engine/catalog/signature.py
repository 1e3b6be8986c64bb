"""The arguments of a Keras class, by introspection of its constructor and those it passes on to."""

import inspect
from typing import Any

from .docs import argument_texts
from .entry import REQUIRED, Argument

_LAYER_ARGUMENTS: dict[str, Any] = {
    "name": None,
    "trainable": True,
    "dtype": None,
    "activity_regularizer": None,
    "autocast": True,
}
_PASSED_ON = frozenset(
    {"zero_output_for_mask", "bounding_box_format", "data_format", "seed", "unroll", "oov_method"}
)
_COLLECTING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _own(function: Any) -> tuple[list[inspect.Parameter], bool]:
    """The named parameters of a function, and whether it takes any others by keyword."""
    parameters = list(inspect.signature(function).parameters.values())
    named = [p for p in parameters if p.name != "self" and p.kind not in _COLLECTING]
    return named, any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)


def _passed_on(target: type, kind: str) -> dict[str, Any]:
    """Arguments that the class takes as **kwargs, for the classes above it."""
    found: dict[str, Any] = {}
    for base in target.__mro__[1:]:
        if "__init__" not in vars(base):
            continue
        for parameter in _own(vars(base)["__init__"])[0]:
            if parameter.name in _PASSED_ON:
                found.setdefault(parameter.name, parameter.default)
    return found | (_LAYER_ARGUMENTS if kind == "layers" else {})


def arguments(target: Any, kind: str) -> dict[str, Argument]:
    """All arguments that a request may give, in Keras's order, with defaults and texts."""
    own, open_ended = _own(target if kind == "activations" else target.__init__)
    values = {
        p.name: REQUIRED if p.default is inspect.Parameter.empty else p.default
        for p in own
        if not (kind == "activations" and p.name == "x")
    }
    if open_ended and isinstance(target, type):
        for name, default in _passed_on(target, kind).items():
            values.setdefault(name, default)
    texts = argument_texts(target)
    return {name: Argument(name, value, texts.get(name)) for name, value in values.items()}
