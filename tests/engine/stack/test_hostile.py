"""Documents made to cost time: limits are looked at before any work is done."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.stack import read

DENSE: dict[str, Any] = {"class_name": "Dense", "units": 1}
ROW: dict[str, Any] = {"class_name": "Input", "name": "i", "shape": [1]}
LONG = "x" * 10**7


def _wrapped(times: int, value: Any, wrap: Callable[[Any], Any]) -> Any:
    for _ in range(times):
        value = wrap(value)
    return value


def _call(name: str, count: int) -> dict[str, Any]:
    tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [name, count, 0]}}
    return {"args": [tensor], "kwargs": {}}


def _functional(*layers: Any) -> dict[str, Any]:
    ends = {"input_layers": [["i", 0, 0]], "output_layers": [["d", 0, 0]]}
    return {"class_name": "Functional", "config": {"name": "d", "layers": list(layers), **ends}}


def _keras(calls: int) -> dict[str, Any]:
    nodes = [_call("d", index + 1) for index in range(calls)]
    return {"class_name": "Dense", "name": "d", "config": {"units": 1}, "inbound_nodes": nodes}


def _calls_within_calls() -> dict[str, Any]:
    entry = {"class_name": "InputLayer", "name": "i", "config": {"name": "i"}, "inbound_nodes": []}
    inner: dict[str, Any] = _keras(2)
    for _ in range(7):
        nodes = [_call("i", 0), *(_call("d", index) for index in range(9))]
        inner = {**_functional(entry, inner), "name": "d", "inbound_nodes": nodes}
    return _functional(entry, inner)


HOSTILE: dict[str, Any] = {
    "a million layers": [DENSE] * 10**6,
    "a million inputs": [DENSE, {**DENSE, "inputs": ["dense"] * 10**6}],
    "all take all": [ROW, *({"class_name": "Add", "inputs": ["i"] * 500} for _ in range(500))],
    "all are unknown": [{**DENSE, "inputs": f"near{index}"} for index in range(1_999)],
    "all are misspelt": [{"class_name": f"Densse{index}"} for index in range(1_999)],
    "a name of 10 MB": [{**DENSE, "name": LONG}],
    "a class of 10 MB": [{"class_name": LONG}],
    "an argument of 10 MB": [{**DENSE, LONG: 1}],
    "an input of 10 MB": [DENSE, {**DENSE, "inputs": LONG}],
    "an activation of 10 MB": [{**DENSE, "activation": LONG}],
    "an output of 10 MB": {"layers": [DENSE], "outputs": [LONG]},
    "many arguments": [{**DENSE, **{f"unit{index}": 1 for index in range(100_000)}}],
    "many outputs": {"layers": [DENSE], "outputs": [f"near{index}" for index in range(100_000)]},
    "a number of 4000 digits": [{"class_name": "Dense", "units": 10**4_000}],
    "deep wrappers": [
        _wrapped(900, DENSE, lambda inner: {"class_name": "TimeDistributed", "layer": inner})
    ],
    "deep lists": [{**DENSE, "units": _wrapped(900, 1, lambda inner: [inner])}],
    "deep call arguments": [
        DENSE,
        {"class_name": "LSTM", "units": 1, "kwargs": {"mask": _wrapped(900, 1, lambda x: [x])}},
    ],
    "deep blocks": [_wrapped(900, DENSE, lambda inner: {"layers": [inner]})],
    "endless repetition": [{"layers": [DENSE], "repeat": 10**9}],
    "repetitions within repetitions": [
        _wrapped(7, {"class_name": "Input"}, lambda inner: {"layers": [inner], "repeat": 2_000})
    ],
    "a block that gives too much": [
        ROW,
        {"layers": [DENSE], "name": "b", "outputs": ["dense"] * 10**4},
        {"class_name": "Add", "inputs": ["b"] * 10**4},
    ],
    "a cycle": [{**DENSE, "name": "a", "inputs": "b"}, {**DENSE, "name": "b"}],
    "a layer called too often": _functional(_keras(100_000)),
    "a model of a million layers": _functional(*([_keras(1)] * 10**6)),
    "models that call models": _calls_within_calls(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_at_once(name: str) -> None:
    begin = time.process_time()
    _, findings = read(HOSTILE[name])
    assert time.process_time() - begin < 10
    assert findings.items
    assert len(findings.items) <= 200
    assert all(len(item.detail) < 1_000 for item in findings.items)
