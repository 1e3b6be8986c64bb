"""Does an output fit its target: number of units, shape, kind of loss."""

from typing import TYPE_CHECKING, Any

from engine.stack import Findings, Stack
from engine.stack.line import Line
from engine.stack.pointer import join

if TYPE_CHECKING:
    from .target import Target

Shape = tuple[int | None, ...]
_FOR_CLASSES = frozenset(
    {
        "SparseCategoricalCrossentropy",
        "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy",
        "CategoricalHinge",
        "CategoricalGeneralizedCrossEntropy",
    }
)


def check_outcome(
    target: "Target",
    line: Line,
    shape: Shape,
    pointer: str,
    stack: Stack,
    findings: Findings,
    training: Findings,
) -> None:
    """Note where output and target disagree, with the fix where it is a number of units."""
    if _for_classes(target) and target.column.kind not in ("tensor", "image"):
        _not_for_numbers(target, training)
        return
    wanted = _wanted(target, shape)
    if wanted is None or _agree(wanted, shape, at_least=target.form == "index"):
        return
    place = line.pointer if line.pointer.startswith(stack.pointer) else pointer
    name = target.column.name
    says = f"the column {name!r} {_says(target, wanted)}"
    if len(target.columns) > 1:
        says = f"{len(target.columns)} columns are to be learned"
    detail = (
        f"The output {line.name!r} ({line.class_name}) gives {list(shape)} for each row, but "
        f"{says}: {list(wanted)} is needed."
    )
    findings.add(place, "target-mismatch", detail, fix=_fix(line, shape, wanted))


def _says(target: "Target", wanted: Shape) -> str:
    """What a column holds, in words."""
    if target.form == "raw":
        return f"holds {'one number' if wanted == (1,) else list(wanted)}"
    count = len(target.way.classes(target.columns))
    kinds = {"multi_label": "labels", "ordinal": "classes in an order, one step fewer"}
    return f"has {count} {kinds.get(target.form, 'classes')}"


def _for_classes(target: "Target") -> bool:
    """Whether numbers were given a loss for classes, by the request and not by default."""
    asked = bool(target.loss.pointer) and target.loss.class_name in _FOR_CLASSES
    return asked and target.form == "raw"


def _not_for_numbers(target: "Target", findings: Findings) -> None:
    detail = (
        f"{target.loss.class_name} is a loss for classes, but the column {target.column.name!r} "
        "holds numbers."
    )
    fix = [{"op": "replace", "path": target.loss.pointer, "value": "auto"}]
    findings.add(target.loss.pointer, "loss-mismatch", detail, fix=fix)


def _wanted(target: "Target", shape: Shape) -> Shape | None:
    """The output's shape for one row that the target asks for; None when anything goes."""
    if target.form != "raw":
        return (target.units,)
    if target.column.kind == "image":
        return None
    if target.column.kind == "tensor":
        own = tuple(target.column.shape or ())
        if target.loss.class_name == "SparseCategoricalCrossentropy":
            return (*own, shape[-1]) if shape else None
        return own or (1,)
    return (target.units or 1,)


def _agree(wanted: Shape, shape: Shape, *, at_least: bool) -> bool:
    if at_least and len(shape) == 1 and wanted[0] is not None and shape[0] is not None:
        return shape[0] >= wanted[0]
    return len(shape) == len(wanted) and all(
        one is None or other is None or one == other
        for one, other in zip(wanted, shape, strict=True)
    )


def _fix(line: Line, shape: Shape, wanted: Shape) -> list[dict[str, Any]] | None:
    """Change the units of a last Dense, or put what drops the extra axes before it."""
    if line.class_name != "Dense" or line.spec is None:
        return None
    fix: list[dict[str, Any]] = []
    if len(shape) == len(wanted) == 1 and shape != wanted:
        fix.append({"op": "replace", "path": join(line.spec.base, "units"), "value": wanted[0]})
    elif len(wanted) == 1 and 1 < len(shape) <= 4 and not line.explicit:
        pooling = {2: "GlobalAveragePooling1D", 3: "GlobalAveragePooling2D"}.get(len(shape))
        layer = {"class_name": pooling or "GlobalAveragePooling3D"}
        fix.append({"op": "add", "path": line.pointer, "value": layer})
        if shape[-1] != wanted[0]:
            parent, _, index = line.pointer.rpartition("/")
            units = line.spec.base.replace(line.pointer, join(parent, int(index) + 1), 1)
            fix.append({"op": "replace", "path": join(units, "units"), "value": wanted[0]})
    return fix or None
