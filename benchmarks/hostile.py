"""Good documents beside a stream of hostile ones, against the same alone."""

import json
import threading
import time
from itertools import cycle
from typing import Any

import httpx2

from benchmarks.building import STACK
from benchmarks.report import Figure, ratio

_REQUESTS = 200
_DENSE = {"class_name": "Dense", "units": 4}


def _hostile() -> list[bytes]:
    """Bodies that are refused, or that are as dear as the limits allow."""
    deep: Any = _DENSE
    for _ in range(60):
        deep = {"class_name": "TimeDistributed", "layer": deep}
    bodies: list[Any] = [
        {"stack": [_DENSE] * 100_000},
        {"stack": [deep]},
        {"stack": [{"class_name": "Input", "shape": [4]}, {**_DENSE, "units": 10**12}]},
        {"stack": [{**_DENSE, "name": "x" * 3_000_000}]},
        {"stack": [{**_DENSE, "inputs": ["dense"] * 50_000}]},
        {"stack": [{"layers": [_DENSE] * 1000, "repeat": 1000}]},
        {"stack": [{"class_name": "Input", "shape": [4]}, *[_DENSE] * 1500]},
    ]
    texts = [json.dumps(body).encode() for body in bodies]
    return [*texts, b"[" * 100_000, b'{"stack": ' + b'[{"a":' * 10_000]


def measure(url: str, runs: int) -> list[Figure]:
    """The 99th percentile of checks of a good stack, alone and beside one client of bad will."""
    alone, beside = [], []
    _percentile(url)
    for _ in range(runs):
        alone.append(_percentile(url))
        stop, sent = threading.Event(), [0]
        stream = threading.Thread(target=_stream, args=(url, stop, sent))
        stream.start()
        try:
            time.sleep(1)
            beside.append(_percentile(url))
        finally:
            stop.set()
            stream.join()
    return [
        Figure("p99 of a check alone", [one * 1000 for one in alone], "ms"),
        Figure("p99 of a check beside hostile ones", [one * 1000 for one in beside], "ms"),
        ratio("beside / alone", beside, alone),
    ]


def _stream(url: str, stop: threading.Event, sent: list[int]) -> None:
    headers = {"content-type": "application/json"}
    with httpx2.Client(base_url=url, timeout=120) as client:
        for body in cycle(_hostile()):
            if stop.is_set():
                return
            answer = client.post("/v1/stacks/check", content=body, headers=headers)
            sent[0] += 1
            if answer.status_code >= 500:
                raise RuntimeError(answer.text)


def _percentile(url: str) -> float:
    seconds = []
    with httpx2.Client(base_url=url, timeout=60) as client:
        for _ in range(_REQUESTS):
            started = time.perf_counter()
            client.post("/v1/stacks/check", json={"stack": STACK}).raise_for_status()
            seconds.append(time.perf_counter() - started)
    return sorted(seconds)[int(_REQUESTS * 0.99)]
