"""A plan in a notebook: the layers with their shapes, what it would take, what was found."""

from typing import Any

from lamina.schemas.plan import Advice, Plan

from .markup import Markup, element, table

_MOST = 60


def plan(found: Plan) -> Markup:
    """The whole plan; of very deep networks the first and the last layers."""
    rows: list[tuple[Any, ...]] = [
        (layer.name, layer.class_name, _shape(layer.output_shape), *_counts(layer.parameters))
        for layer in found.layers
    ]
    if len(rows) > _MOST:
        left = len(rows) - _MOST
        rows = [*rows[: _MOST // 2], (f"… {left} more", "", "", "", ""), *rows[-_MOST // 2 :]]
    titles = ("layer", "class", "output", "trainable", "frozen")
    total = found.parameters.total if found.parameters else None
    memory = found.memory.total_bytes if found.memory else None
    facts = [
        found.architecture,
        None if total is None else f"{total:,} parameters",
        None if memory is None else f"{memory / 2**20:,.0f} MiB",
        None if found.steps_per_epoch is None else f"{found.steps_per_epoch:,} steps an epoch",
    ]
    return element(
        "div",
        element("strong", " · ".join(fact for fact in facts if fact) or "plan"),
        table(titles, rows),
        element("ul", *map(_advice, found.advice)) if found.advice else None,
    )


def _counts(parameters: Any) -> tuple[Any, Any]:
    return tuple(
        "?" if count is None else count for count in (parameters.trainable, parameters.frozen)
    )  # type: ignore[return-value]


def _shape(shape: Any) -> str:
    if shape is None:
        return "?"
    if any(isinstance(size, list) for size in shape):
        return ", ".join(_shape(one) for one in shape)
    return f"({', '.join('·' if size is None else str(size) for size in shape)})"


def _advice(found: Advice) -> Markup:
    code = element("code", found.pointer)
    return element("li", element("strong", found.severity), " ", code, ": ", found.detail)
