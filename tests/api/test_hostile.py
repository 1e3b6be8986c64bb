"""Stacks made to harm, through the real HTTP API and the real engine: a 4xx that says where."""

import json
import time
from typing import Any

import pytest

from tests.api.running import Running

DENSE: dict[str, Any] = {"class_name": "Dense", "units": 1}
ROW: dict[str, Any] = {"class_name": "Input", "shape": [6, 4], "name": "row"}
LAMBDA: dict[str, Any] = {"class_name": "Lambda", "config": {"function": "__import__('os')"}}
LOOKUP: dict[str, Any] = {"class_name": "StringLookup", "vocabulary": "/etc/passwd"}


def wrapped(times: int, value: Any, name: str) -> Any:
    for _ in range(times):
        value = {"class_name": name, "layer": value}
    return value


def model(*layers: Any) -> dict[str, Any]:
    return {"class_name": "Sequential", "config": {"name": "m", "layers": list(layers)}}


Case = tuple[Any, int, str, tuple[str, str] | None]
LARGE, INVALID = "stack-too-large", "invalid-stack"
CASES: dict[str, Case] = {
    "a million layers": ([DENSE] * 10**6, 413, "too-large", None),
    "many layers": ([DENSE] * 20_000, 422, LARGE, ("/stack", "too-large")),
    "a million by repetition": (
        [ROW, {"layers": [DENSE], "repeat": 10**6}],
        *(422, LARGE, ("/stack", "too-large")),
    ),
    "a deep wrapper": (
        [ROW, wrapped(20, DENSE, "TimeDistributed")],
        *(422, LARGE, ("/stack/1" + "/layer" * 8, "too-large")),
    ),
    "a cycle": (
        [ROW, {**DENSE, "name": "a", "inputs": "b"}, {**DENSE, "name": "b", "inputs": "a"}],
        *(422, INVALID, ("/stack/1/inputs", "unknown-input")),
    ),
    "a layer that takes itself": (
        [ROW, {**DENSE, "name": "a", "inputs": "a"}],
        *(422, INVALID, ("/stack/1/inputs", "unknown-input")),
    ),
    "a name with a slash": (
        [ROW, {**DENSE, "name": "../../etc/passwd"}],
        *(422, INVALID, ("/stack/1/name", "bad-value")),
    ),
    "a name of a megabyte": (
        [ROW, {**DENSE, "name": "x" * 10**6}],
        *(422, INVALID, ("/stack/1/name", "bad-value")),
    ),
    "a name of 10 MB": ([ROW, {**DENSE, "name": "x" * 10**7}], 413, "too-large", None),
    "a name twice": (
        [ROW, {**DENSE, "name": "a"}, {**DENSE, "name": "a"}],
        *(422, INVALID, ("/stack/2/name", "duplicate-name")),
    ),
    "code": ([ROW, LAMBDA], 422, INVALID, ("/stack/1/class_name", "forbidden-class")),
    "code in a wrapper": (
        [ROW, wrapped(3, LAMBDA, "TimeDistributed")],
        *(422, INVALID, ("/stack/1/layer/layer/layer/class_name", "forbidden-class")),
    ),
    "code in a pipeline": (
        [ROW, {"class_name": "Pipeline", "layers": [LAMBDA]}],
        *(422, INVALID, ("/stack/1/layers/0/class_name", "forbidden-class")),
    ),
    "code in a block": (
        [ROW, {"layers": [{"layers": [LAMBDA]}]}],
        *(422, INVALID, ("/stack/1/layers/0/layers/0/class_name", "forbidden-class")),
    ),
    "code in a model in a model": (
        model({**ROW, "config": {"batch_shape": [None, 4]}}, model(LAMBDA)),
        *(422, INVALID),
        ("/stack/config/layers/1/config/layers/0/class_name", "forbidden-class"),
    ),
    "an operation that calls code": (
        [ROW, {"class_name": "ops.Map"}],
        *(422, INVALID, ("/stack/1/class_name", "forbidden-class")),
    ),
    "a vocabulary at a path": (
        [{**ROW, "dtype": "string"}, LOOKUP],
        *(422, INVALID, ("/stack/1/vocabulary", "forbidden-class")),
    ),
    "a vocabulary at a path in a wrapper": (
        [{**ROW, "dtype": "string"}, wrapped(1, LOOKUP, "TimeDistributed")],
        *(422, INVALID, ("/stack/1/layer/vocabulary", "forbidden-class")),
    ),
    "a foreign module": (
        [ROW, {**DENSE, "module": "os"}],
        *(422, INVALID, ("/stack/1/module", "forbidden-class")),
    ),
    "a foreign module of an initializer": (
        [ROW, {**DENSE, "kernel_initializer": {"class_name": "Zeros", "module": "subprocess"}}],
        *(422, INVALID, ("/stack/1/kernel_initializer/module", "forbidden-class")),
    ),
    "a registered class": (
        [ROW, {**DENSE, "registered_name": "evil>Dense"}],
        *(422, INVALID, ("/stack/1/registered_name", "forbidden-class")),
    ),
    "a size beyond exact integers": (
        [ROW, {"class_name": "Dense", "units": 10**18}],
        *(422, "invalid-request", ("/stack/1/units", "bad-value")),
    ),
    "a reshape to a trillion": (
        [ROW, {"class_name": "ops.Reshape", "newshape": [-1, 10**12]}],
        *(422, LARGE, ("/stack/1/newshape/1", "too-large")),
    ),
}


@pytest.mark.parametrize("route", ["check", "convert"])
@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_with_the_place(whole: Running, route: str, name: str) -> None:
    stack, status, slug, error = CASES[name]
    body = {"stack": stack, **({"to": "short"} if route == "convert" else {})}
    begin = time.monotonic()
    response = whole.client.post(f"/v1/stacks/{route}", json=body)
    assert time.monotonic() - begin < 10
    assert response.status_code == status, response.text[:1000]
    problem = response.json()
    assert problem["type"] == f"/problems/{slug}"
    assert len(response.content) < 200_000
    if error:
        assert error in {(item["pointer"], item["code"]) for item in problem["errors"]}


BOMBS = {
    "lists": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"layer":' * 100_000 + b"1" + b"}" * 100_000,
    "a list in a layer": b'[{"class_name":"Dense","units":' + b"[" * 3000 + b"]" * 3000 + b"}]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_depth_is_bounded(whole: Running, name: str) -> None:
    content = b'{"stack":' + BOMBS[name] + b"}"
    response = post(whole, content)
    assert 400 <= response.status_code < 500, response.text[:300]
    assert response.headers["content-type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "text",
    [
        '{"stack": [{"class_name": "Dense", "units": 1, "units": 2}]}',
        '{"stack": [{"class_name": "Dense", "class_name": "Lambda", "units": 2}]}',
        '{"stack": [], "stack": [{"class_name": "Dense", "units": 2}]}',
    ],
)
def test_keys_that_stand_twice_are_refused(whole: Running, text: str) -> None:
    response = post(whole, text.encode())
    assert 400 <= response.status_code < 500, response.text
    assert "twice" in response.text or "duplicate" in response.text


def test_a_trillion_units_are_checked_and_take_no_memory(whole: Running) -> None:
    stack = [{"class_name": "Input", "shape": [2]}, {"class_name": "Dense", "units": 10**12}]
    response = whole.client.post("/v1/stacks/check", json={"stack": stack})
    assert response.status_code == 200, response.text
    assert response.json()["parameters"]["total"] == 3 * 10**12


def post(whole: Running, content: bytes) -> Any:
    headers = {"Content-Type": "application/json"}
    return whole.client.post("/v1/stacks/check", content=content, headers=headers)


def test_numbers_of_thousands_of_digits_are_refused(whole: Running) -> None:
    text = json.dumps({"stack": [ROW, {"class_name": "Dense", "units": 1}]})
    response = post(whole, text.replace('"units": 1', '"units": ' + "9" * 5_000).encode())
    assert 400 <= response.status_code < 500, response.text
