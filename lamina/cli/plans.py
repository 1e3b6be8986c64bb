"""A plan as text."""

from typing import Any

from lamina.schemas.plan import Plan

from . import screen, words


def print_plan(plan: Plan) -> None:
    """The layers as a table, then sizes, then the advice."""
    screen.print_table(("layer", "class", "output", "parameters"), map(_layer, plan.layers))
    memory = (plan.memory or {}).get("train_bytes")
    print()
    screen.print_pairs(
        [
            ("parameters", _parameters(plan.parameters or {})),
            ("memory to train", words.size(memory) if memory else None),
            ("steps per epoch", plan.steps_per_epoch),
            ("architecture", plan.architecture),
        ]
    )
    for advice in plan.advice:
        print(f"{advice.get('severity', 'advice')}: {advice.get('detail')}")
        if advice.get("pointer"):
            print(f"  at {advice['pointer']}")


def _layer(layer: dict[str, Any]) -> tuple[Any, ...]:
    shape = layer.get("output_shape")
    counts = layer.get("parameters") or {}
    total = (counts.get("trainable") or 0) + (counts.get("frozen") or 0)
    return layer.get("name"), layer.get("class_name"), _shape(shape), words.count(total)


def _shape(shape: Any) -> str:
    if isinstance(shape, list) and any(isinstance(part, list) for part in shape):
        return " ".join(map(_shape, shape))
    if isinstance(shape, list):
        return "(" + ", ".join("?" if size is None else str(size) for size in shape) + ")"
    return "" if shape is None else str(shape)


def _parameters(counts: dict[str, Any]) -> str:
    text = words.count(counts.get("total"))
    frozen = counts.get("frozen")
    return f"{text} ({words.count(frozen)} frozen)" if frozen else text
