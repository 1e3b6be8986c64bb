"""Checking a stack of 10^12 parameters, against one of 131."""

import time
from typing import Any

import httpx2

from benchmarks.report import Figure, ratio

_SMALL: dict[str, Any] = {
    "stack": [
        {"class_name": "Input", "shape": [4]},
        {"class_name": "Dense", "units": 16, "activation": "relu"},
        {"class_name": "Dense", "units": 3, "activation": "softmax"},
    ]
}
_HUGE: dict[str, Any] = {
    "stack": [
        {"class_name": "Input", "shape": [1_000_000]},
        {"class_name": "Dense", "units": 1_000_000},
    ]
}


def measure(url: str, runs: int) -> list[Figure]:
    """Both in turn, over HTTP, warm."""
    small, huge = [], []
    _seconds(url, _SMALL)
    for _ in range(runs * 4):
        small.append(_seconds(url, _SMALL))
        huge.append(_seconds(url, _HUGE))
    return [
        Figure("check of 131 parameters", [value * 1000 for value in small], "ms"),
        Figure("check of 10^12 parameters", [value * 1000 for value in huge], "ms"),
        ratio("huge / small", huge, small),
    ]


def _seconds(url: str, body: dict[str, Any]) -> float:
    started = time.perf_counter()
    httpx2.post(f"{url}/v1/stacks/check", json=body, timeout=60).raise_for_status()
    return time.perf_counter() - started
