"""Telling why a layer cannot take what reaches it, naming both layers and both shapes."""

import re
from typing import TYPE_CHECKING, Any

from .findings import Findings
from .line import Line

if TYPE_CHECKING:
    from .document import Stack

Shape = tuple[int | None, ...]


def explain(
    line: Line, layer: Any, tensors: list[Any], error: Exception, stack: "Stack", findings: Findings
) -> None:
    """Note that `layer` refused `tensors`, with a fix where there is an obvious one."""
    if line.spec is None:
        return
    reason = _reason(str(error))
    arriving = " and ".join(
        f"{ref.layer!r} ({stack.line(ref.layer).class_name}) gives {list(tensor.shape)}"
        for ref, tensor in zip(line.inputs, tensors, strict=False)
    )
    wanted = _wanted(layer)
    expects = f" expects {wanted}" if wanted else " cannot take it"
    detail = f"{arriving}, but {line.name!r} ({line.class_name}){expects}: {reason}"
    findings.add(line.pointer, "shape-mismatch", detail, fix=None)


def _reason(message: str) -> str:
    text = re.sub(r"Arguments received by .*", "", message, flags=re.DOTALL)
    text = re.sub(r"Exception encountered when calling [^.]*\.\w+\(\)\.", "", text)
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return " ".join(text.split())[:400]


def _wanted(layer: Any) -> str:
    spec = getattr(layer, "input_spec", None)
    if spec is None or isinstance(spec, (list, tuple)):
        return ""
    if spec.ndim is not None:
        return f"{spec.ndim} dimensions"
    return f"at least {spec.min_ndim} dimensions" if spec.min_ndim else ""
