"""A check costs neither memory nor time, whatever the size of the stack."""

import time
from pathlib import Path
from typing import Any

from engine.tasks import check

from ..silent import Silent


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def seconds(stack: list[dict[str, Any]]) -> float:
    """The time of the processor that a warm check takes: the least of three."""
    found = []
    for _ in range(3):
        start = time.process_time()
        check.run({"stack": stack}, Silent())
        found.append(time.process_time() - start)
    return min(found)


def layers(blocks: int) -> list[dict[str, Any]]:
    block = [
        {"class_name": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same"},
        {"class_name": "BatchNormalization"},
        {"class_name": "ReLU"},
        {"class_name": "Dropout", "rate": 0.1},
    ]
    end = [{"class_name": "Flatten"}, {"class_name": "Dense", "units": 10**6}]
    return [{"class_name": "Input", "shape": [28, 28, 3]}, *(block * blocks), *end]


def test_a_million_times_a_million_weights_take_nothing() -> None:
    huge, tiny = (
        [{"class_name": "Input", "shape": [size]}, {"class_name": "Dense", "units": size}]
        for size in (10**6, 10)
    )
    check.run({"stack": huge}, Silent())
    before = resident_bytes()
    plan = check.run({"stack": huge}, Silent())
    assert seconds(huge) < 5 * seconds(tiny)
    assert resident_bytes() - before < 20_000_000
    assert plan["parameters"] == {"total": 10**12 + 10**6, "trainable": 10**12 + 10**6, "frozen": 0}


def test_layers_cost_in_proportion_to_their_number() -> None:
    few, many = layers(3), layers(12)
    assert len(check.run({"stack": many}, Silent())["layers"]) == 51
    # Four times the blocks; sixteen would be their square.
    assert seconds(many) < 6 * seconds(few)


def test_checks_leave_nothing_behind() -> None:
    stack = layers(12)
    for _ in range(30):
        check.run({"stack": stack}, Silent())
    before = resident_bytes()
    for _ in range(60):
        check.run({"stack": stack}, Silent())
    assert resident_bytes() - before < 25_000_000
