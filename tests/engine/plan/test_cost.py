"""A check costs neither memory nor time, whatever the size of the stack."""

import time
from pathlib import Path
from typing import Any

from engine.tasks import check

from ..silent import Silent


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def fifty_layers() -> list[dict[str, Any]]:
    block = [
        {"class_name": "Conv2D", "filters": 8, "kernel_size": 3, "padding": "same"},
        {"class_name": "BatchNormalization"},
        {"class_name": "ReLU"},
        {"class_name": "Dropout", "rate": 0.1},
    ]
    end = [{"class_name": "Flatten"}, {"class_name": "Dense", "units": 10**6}]
    return [{"class_name": "Input", "shape": [28, 28, 3]}, *(block * 12), *end]


def test_a_million_times_a_million_weights_take_nothing() -> None:
    layers = [{"class_name": "Input", "shape": [10**6]}, {"class_name": "Dense", "units": 10**6}]
    check.run({"stack": layers}, Silent())
    before = resident_bytes()
    start = time.perf_counter()
    plan = check.run({"stack": layers}, Silent())
    assert time.perf_counter() - start < 0.5
    assert resident_bytes() - before < 20_000_000
    assert plan["parameters"] == {"total": 10**12 + 10**6, "trainable": 10**12 + 10**6, "frozen": 0}


def test_fifty_layers_take_less_than_a_second() -> None:
    stack = fifty_layers()
    check.run({"stack": stack}, Silent())
    start = time.perf_counter()
    plan = check.run({"stack": stack}, Silent())
    assert time.perf_counter() - start < 1
    assert len(plan["layers"]) == 51


def test_checks_leave_nothing_behind() -> None:
    stack = fifty_layers()
    for _ in range(30):
        check.run({"stack": stack}, Silent())
    before = resident_bytes()
    for _ in range(60):
        check.run({"stack": stack}, Silent())
    assert resident_bytes() - before < 25_000_000
