"""Weights that several lines share count once: in rules, in plans, in memory."""

from typing import Any

from engine.advice._examples import number
from engine.dataset.schema import Schema
from engine.tasks import check

from ..silent import Silent

SCHEMA = Schema(100, [number("a"), number("b"), number("label")])
CALLS = 5
UNITS = 180
WEIGHTS = (UNITS + 1) * UNITS
START: list[dict[str, Any]] = [
    {"class_name": "Input", "shape": [2], "name": "row"},
    {"class_name": "Dense", "units": UNITS, "name": "wide", "activation": "relu"},
    {"class_name": "Dense", "units": UNITS, "name": "deep", "activation": "relu"},
]
END: dict[str, Any] = {"class_name": "Dense", "units": 1, "name": "end"}


def plan_of(*between: dict[str, Any]) -> dict[str, Any]:
    body = {
        "stack": [*START, *between, END],
        "data": {"dataset": "ds_x", "target": "label"},
        "schema": SCHEMA.to_json(),
        "compile": {"optimizer": "sgd"},
    }
    return check.run(body, Silent())


def rules(plan: dict[str, Any]) -> set[str]:
    return {advice["rule"] for advice in plan["advice"]}


def test_weights_that_are_shared_count_once() -> None:
    once = plan_of()
    shared = plan_of(*({"shared": "deep", "name": f"deep{n}"} for n in range(CALLS)))
    assert shared["parameters"] == once["parameters"]
    assert (
        sum(line["parameters"]["trainable"] for line in shared["layers"])
        == (once["parameters"]["trainable"])
    )
    assert "many-parameters" not in rules(once) | rules(shared)
    apart = plan_of(*({**START[2], "name": f"deep{n}"} for n in range(CALLS)))
    total = once["parameters"]["total"]
    assert apart["parameters"]["total"] == total + CALLS * WEIGHTS
    assert "many-parameters" in rules(apart)


def test_memory_counts_shared_weights_once() -> None:
    once = plan_of()
    shared = plan_of(*({"shared": "deep", "name": f"deep{n}"} for n in range(CALLS)))
    apart = plan_of(*({**START[2], "name": f"deep{n}"} for n in range(CALLS)))
    grown = [
        plan["memory"]["train_bytes"] - once["memory"]["train_bytes"] for plan in (shared, apart)
    ]
    # A weight and its gradient, 4 bytes each; the activations of both are the same.
    assert grown[1] - grown[0] == 2 * 4 * CALLS * WEIGHTS
