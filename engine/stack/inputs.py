"""Inputs of a stack: where data enters, with the shape of one row."""

from typing import Any

from engine.catalog import find

from .findings import Findings
from .pointer import join
from .spec import Spec

MOST_AXES = 8


def input_spec(arguments: dict[str, Any]) -> Spec:
    """The spec of an Input made by the service."""
    entry = find("layers", "InputLayer")
    if entry is None:
        raise LookupError("Keras has no InputLayer")
    return Spec(entry, arguments)


def input_arguments(arguments: dict[str, Any], base: str, findings: Findings) -> dict[str, Any]:
    """An Input's arguments with `batch_shape` written as `shape`, and the shape checked."""
    kept = {name: value for name, value in arguments.items() if name not in _SHAPES}
    key = "batch_shape" if arguments.get("batch_shape") is not None else "shape"
    shape, place = arguments.get(key), join(base, key)
    if shape is None:
        return kept
    if isinstance(shape, int) and not isinstance(shape, bool):
        shape = [shape]
    if not isinstance(shape, list) or len(shape) > MOST_AXES:
        detail = f"'{key}' must be a list of up to {MOST_AXES} sizes."
        findings.add(place, "bad-type", detail)
        return kept
    if key == "batch_shape" and shape[:1] != [None]:
        detail = "The first size of 'batch_shape' must be null: a network takes any batch size."
        findings.add(place, "bad-value", detail)
        return kept
    sizes = shape[1:] if key == "batch_shape" else shape
    _check_sizes(sizes, place, len(shape) - len(sizes), findings)
    return {"shape": sizes, **kept}


_SHAPES = ("shape", "batch_shape", "trainable")


def _check_sizes(sizes: list[Any], place: str, offset: int, findings: Findings) -> None:
    for index, size in enumerate(sizes):
        whole = isinstance(size, int) and not isinstance(size, bool)
        if size is not None and not (whole and size >= 1):
            at = join(place, index + offset)
            findings.add(at, "bad-value", "A size is a whole number of 1 or more, or null.")
