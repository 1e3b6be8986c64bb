"""Conversions over HTTP, with the real engine."""

from typing import Any

import pytest

from api.examples import CONVERT
from tests.api.running import Running

STACK = [
    {"class_name": "Input", "shape": [4], "name": "row"},
    {"class_name": "Dense", "units": 3, "use_bias": True, "name": "first"},
    {"shared": "first", "name": "again", "inputs": "first_too"},
]


def convert(whole: Running, stack: Any, to: Any) -> Any:
    return whole.client.post("/v1/stacks/convert", json={"stack": stack, "to": to})


def test_there_and_back(whole: Running) -> None:
    written = whole.client.post("/v1/stacks/convert", json=CONVERT)
    assert written.status_code == 200, written.text
    assert written.json()["form"] == "keras"
    assert written.json()["stack"]["class_name"] == "Sequential"
    short = convert(whole, written.json()["stack"], "short").json()
    assert short["form"] == "short"
    assert [layer["class_name"] for layer in short["stack"]["layers"]] == [
        layer["class_name"] for layer in CONVERT["stack"]
    ]
    assert convert(whole, CONVERT["stack"], "short").json() == short
    assert convert(whole, short["stack"], "keras").json() == written.json()


@pytest.mark.parametrize(
    ("stack", "to", "slug", "pointer", "code"),
    [
        (STACK, "short", "invalid-stack", "/stack/2/inputs", "unknown-input"),
        (STACK[:2], "yaml", "invalid-request", "/to", "bad-value"),
        (STACK[1:2], "keras", "invalid-stack", "/stack", "missing-argument"),
        (
            [{"class_name": "Input", "shape": [8, 8, 3]}, {"class_name": "RandomShear"}],
            *("keras", "invalid-stack", "/stack/1", "bad-value"),
        ),
        ([STACK[1]] * 3000, "short", "stack-too-large", "/stack", "too-large"),
    ],
)
def test_refusals(whole: Running, stack: Any, to: str, slug: str, pointer: str, code: str) -> None:
    response = convert(whole, stack, to)
    assert response.status_code in (413, 422)
    assert response.json()["type"] == f"/problems/{slug}"
    found = {(item["pointer"], item["code"]) for item in response.json()["errors"]}
    assert (pointer, code) in found
