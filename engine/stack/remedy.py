"""The obvious fix, as a JSON Patch, for a layer that cannot take the shape that reaches it."""

import re
from typing import TYPE_CHECKING, Any

from engine.catalog import find

from .line import Line
from .pointer import join
from .spec import Spec

if TYPE_CHECKING:
    from .stack import Stack

Patch = list[dict[str, Any]]
_RANK = re.compile(r"([123])D")
_SIZES = ("kernel_size", "strides", "pool_size", "dilation_rate", "size", "padding", "cropping")
_TOO_SMALL = re.compile(r"negative|non-positive|must be greater than 0|out of bounds|< 0")


def remedy(
    line: Line, axes: int | None, tensors: list[Any], message: str, stack: "Stack"
) -> Patch | None:
    """A patch of the document as sent that lets the layer take its input, None if none is sure.

    `axes` is the number of axes that the layer asks for, batch included.
    """
    if line.spec is None or len(tensors) != 1:
        return None
    shape = tuple(tensors[0].shape)
    if axes == len(shape) or axes is None:
        return _padded(line, message)
    if line.explicit or len(line.inputs) != 1:
        return None
    source = stack.line(line.inputs[0].layer)
    return (
        _keep_sequence(source, axes, shape)
        or _drop_flatten(source, axes, stack)
        or _reshaped(line, source, axes, shape)
        or _other_rank(line, shape)
        or _flattened(line, axes, shape)
    )


def _insert(line: Line, layer: dict[str, Any]) -> Patch:
    return [{"op": "add", "path": line.pointer, "value": layer}]


def _padded(line: Line, message: str) -> Patch | None:
    """A kernel larger than its input fits when the input is padded."""
    spec = line.spec
    if spec is None or not _TOO_SMALL.search(message):
        return None
    argument = spec.entry.arguments.get("padding")
    if argument is None or argument.default != "valid":
        return None
    return [{"op": "add", "path": join(spec.base, "padding"), "value": "same"}]


def _keep_sequence(source: Line, axes: int, shape: tuple[int | None, ...]) -> Patch | None:
    """A recurrent layer before another must hand on every step, not just the last."""
    spec = source.spec
    if spec is not None and isinstance(spec.arguments.get("layer"), Spec):
        spec = spec.arguments["layer"]
    if axes != 3 or len(shape) != 2 or spec is None:
        return None
    if "return_sequences" not in spec.entry.arguments:
        return None
    return [{"op": "add", "path": join(spec.base, "return_sequences"), "value": True}]


def _drop_flatten(source: Line, axes: int, stack: "Stack") -> Patch | None:
    """A Flatten before a layer that wants the axes it removes is better left out."""
    if source.class_name != "Flatten" or axes < 3 or len(stack.consumers(source.name)) != 1:
        return None
    return [{"op": "remove", "path": source.pointer}]


def _reshaped(line: Line, source: Line, axes: int, shape: tuple[int | None, ...]) -> Patch | None:
    """Give rows an axis that they lack, or join the channels of an image into its columns."""
    known = [axis for axis in shape[1:] if axis is not None]
    if len(known) != len(shape) - 1:
        return None
    if source.is_input and axes == len(shape) + 1:
        return _insert(line, {"class_name": "Reshape", "target_shape": [*known, 1]})
    if axes == 3 and len(shape) == 4 and not _RANK.search(line.class_name):
        target = [known[0], known[1] * known[2]]
        return _insert(line, {"class_name": "Reshape", "target_shape": target})
    return None


def _other_rank(line: Line, shape: tuple[int | None, ...]) -> Patch | None:
    """The same layer for as many axes as there are: Conv1D for sequences, Conv2D for images."""
    found, spec = _RANK.search(line.class_name), line.spec
    if found is None or spec is None or len(shape) not in (3, 4, 5):
        return None
    name = _RANK.sub(f"{len(shape) - 2}D", line.class_name)
    sized = any(isinstance(spec.arguments.get(size), list) for size in _SIZES)
    if sized or name == line.class_name or find("layers", name) is None:
        return None
    return [{"op": "replace", "path": join(line.pointer, "class_name"), "value": name}]


def _flattened(line: Line, axes: int, shape: tuple[int | None, ...]) -> Patch | None:
    return _insert(line, {"class_name": "Flatten"}) if axes == 2 and len(shape) > 2 else None
