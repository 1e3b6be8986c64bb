"""Telling why a layer cannot take what reaches it, naming both layers and both shapes."""

import re
from typing import TYPE_CHECKING, Any

from .findings import Findings
from .line import Line
from .remedy import remedy

if TYPE_CHECKING:
    from .stack import Stack

Shape = tuple[int | None, ...]
_AXES = {
    2: "(batch, features)",
    3: "(batch, steps, features)",
    4: "(batch, height, width, channels)",
    5: "(batch, depth, height, width, channels)",
}


def explain(
    line: Line, layer: Any, tensors: list[Any], error: Exception, stack: "Stack", findings: Findings
) -> None:
    """Note that `layer` refused `tensors`, with a fix where there is an obvious one."""
    if line.spec is None:
        return
    arriving = " and ".join(
        f"{ref.layer!r} ({stack.line(ref.layer).shown}) gives {shown(tensor.shape)}"
        for ref, tensor in zip(line.inputs, tensors, strict=False)
    )
    axes = wanted_axes(layer)
    verb = "expects" if axes and axes != len(tensors[0].shape) else "cannot take that"
    wanted = f" {_AXES.get(axes, f'{axes} axes')}" if verb == "expects" and axes else ""
    detail = f"{arriving}, but {line.name!r} ({line.class_name}) {verb}{wanted}: {_reason(error)}"
    fix = remedy(line, axes, tensors, str(error), stack)
    findings.add(line.pointer, "shape-mismatch", detail, fix=fix)


def shown(shape: Shape) -> str:
    """A shape as a client reads it: `(batch, 28, 28, 1)`, `?` for an unknown axis."""
    axes = ["?" if axis is None else str(axis) for axis in shape[1:]]
    return f"({', '.join(['batch', *axes])})"


def wanted_axes(layer: Any) -> int | None:
    """The number of axes, batch included, that a layer asks for; None when it says nothing."""
    spec = getattr(layer, "input_spec", None)
    inner = getattr(layer, "forward_layer", None)
    if spec is None and inner is not None:
        spec = inner.input_spec
    if isinstance(spec, (list, tuple)):
        spec = spec[0] if spec else None
    if spec is None:
        return None
    found: int | None = spec.ndim if spec.ndim is not None else spec.min_ndim
    return found


def _reason(error: Exception) -> str:
    """What Keras says, in one line and without the calls that led there."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    text = re.sub(r"Arguments received by .*", "", text, flags=re.DOTALL)
    text = re.sub(r"Exception encountered when calling .*?\(\)\.", "", text, flags=re.DOTALL)
    text = re.sub(r"Input \d+ of layer \"[^\"]*\" is incompatible with the layer: ", "", text)
    text = " ".join(text.split())
    return text[:300] or type(error).__name__
