"""A plan as text."""

from typing import Any

from lamina.schemas.plan import Plan, PlanLayer, TotalCounts

from . import screen, words


def print_plan(plan: Plan) -> None:
    """The layers as a table, then sizes, then the advice."""
    screen.print_table(("layer", "class", "output", "parameters", "sees"), map(_layer, plan.layers))
    print()
    screen.print_pairs(
        [
            ("parameters", _parameters(plan.parameters) if plan.parameters else None),
            ("memory to train", words.size(plan.memory.total_bytes) if plan.memory else None),
            ("steps per epoch", plan.steps_per_epoch),
            ("architecture", plan.architecture),
        ]
    )
    for advice in plan.advice:
        print(f"{advice.severity}: {advice.detail}")
        if advice.pointer:
            print(f"  at {advice.pointer}")


def _layer(layer: PlanLayer) -> tuple[Any, ...]:
    total = (layer.parameters.trainable or 0) + (layer.parameters.frozen or 0)
    sees = " × ".join("all" if size is None else str(size) for size in layer.receptive_field or [])
    return layer.name, layer.class_name, _shape(layer.output_shape), words.count(total), sees


def _shape(shape: Any) -> str:
    if isinstance(shape, list) and any(isinstance(part, list) for part in shape):
        return " ".join(map(_shape, shape))
    if isinstance(shape, list):
        return "(" + ", ".join("?" if size is None else str(size) for size in shape) + ")"
    return "" if shape is None else str(shape)


def _parameters(counts: TotalCounts) -> str:
    text = words.count(counts.total)
    return f"{text} ({words.count(counts.frozen)} frozen)" if counts.frozen else text
