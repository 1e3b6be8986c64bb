"""Checking a stack of twenty layers, against what bare Keras needs to build it."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.report import Figure, ratio

_CONV = {"class_name": "Conv2D", "filters": 16, "kernel_size": 3, "padding": "same"}
STACK: list[dict[str, Any]] = [
    {"class_name": "Input", "shape": [32, 32, 3]},
    *(
        layer
        for _ in range(5)
        for layer in (_CONV, {"class_name": "BatchNormalization"}, {"class_name": "ReLU"})
    ),
    {"class_name": "GlobalAveragePooling2D"},
    {"class_name": "Dense", "units": 64, "activation": "relu"},
    {"class_name": "Dropout", "rate": 0.3},
    {"class_name": "Dense", "units": 32, "activation": "relu"},
    {"class_name": "Dense", "units": 10, "activation": "softmax"},
]


def measure(url: str, runs: int) -> list[Figure]:
    """Both in turn, warm: a check over HTTP, and the same layers made and called by Keras."""
    program = Path(__file__).parent / "bare_build.py"
    keras = subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    checked, built = [], []
    try:
        for turn in range(runs * 4 + 3):
            seconds = _checked(url), _built(keras)
            if turn >= 3:  # the first ones warm both up
                checked.append(seconds[0])
                built.append(seconds[1])
    finally:
        keras.kill()
        keras.wait()
    return [
        Figure("bare Keras, 20 layers made and called", [one * 1000 for one in built], "ms"),
        Figure("check of the same over HTTP", [one * 1000 for one in checked], "ms"),
        ratio("check / Keras", checked, built),
    ]


def _checked(url: str) -> float:
    started = time.perf_counter()
    httpx2.post(f"{url}/v1/stacks/check", json={"stack": STACK}, timeout=60).raise_for_status()
    return time.perf_counter() - started


def _built(keras: subprocess.Popen[str]) -> float:
    if keras.stdin is None or keras.stdout is None:
        raise RuntimeError("no pipes")
    keras.stdin.write("\n")
    keras.stdin.flush()
    return float(keras.stdout.readline())
