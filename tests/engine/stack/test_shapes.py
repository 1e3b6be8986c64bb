"""Shape errors name both layers and both shapes, and their fixes apply to the body as sent."""

from typing import Any

import pytest

from engine.faults import Fault
from engine.tasks import check

from ..silent import Silent
from .patch import patched


def refusal(body: dict[str, Any]) -> Fault:
    with pytest.raises(Fault) as caught:
        check.run(body, Silent())
    return caught.value


def inputs(*shape: int) -> dict[str, Any]:
    return {"class_name": "Input", "name": "data", "shape": list(shape)}


IMAGE, SEQUENCE, ROW = inputs(28, 28, 3), inputs(12, 4), inputs(9)
FIXED: list[tuple[str, list[dict[str, Any]], list[str]]] = [
    (
        "stacked recurrent layers",
        [SEQUENCE, {"class_name": "LSTM", "units": 4}, {"class_name": "GRU", "units": 3}],
        ["'lstm' (LSTM)", "(batch, 4)", "'gru' (GRU)", "(batch, steps, features)"],
    ),
    (
        "bidirectional in Keras's form",
        [
            SEQUENCE,
            {
                "class_name": "Bidirectional",
                "config": {"layer": {"class_name": "LSTM", "config": {"units": 4}}},
            },
            {"class_name": "LSTM", "units": 3},
        ],
        ["'bidirectional' (Bidirectional)", "(batch, 8)", "'lstm' (LSTM)"],
    ),
    (
        "1D layer on an image",
        [IMAGE, {"class_name": "Conv1D", "filters": 4, "kernel_size": 3}],
        [],
    ),
    (
        "2D layer on a sequence",
        [
            SEQUENCE,
            {"class_name": "Conv1D", "filters": 4, "kernel_size": 3},
            {"class_name": "MaxPooling2D"},
        ],
        ["'conv1d' (Conv1D)", "(batch, 10, 4)", "'max_pooling2d' (MaxPooling2D)"],
    ),
    (
        "convolution after Flatten",
        [
            IMAGE,
            {"class_name": "Flatten"},
            {"class_name": "Conv2D", "filters": 4, "kernel_size": 3},
        ],
        ["'flatten' (Flatten)", "(batch, 2352)", "(batch, height, width, channels)"],
    ),
    (
        "image without channels",
        [inputs(28, 28), {"class_name": "Conv2D", "filters": 4, "kernel_size": 3}],
        ["'data' (Input)", "(batch, 28, 28)"],
    ),
    (
        "recurrent layer on a row",
        [ROW, {"class_name": "LSTM", "units": 4}],
        ["(batch, 9)"],
    ),
    (
        "recurrent layer on an image",
        [IMAGE, {"class_name": "LSTM", "units": 4}],
        ["(batch, 28, 28, 3)"],
    ),
    (
        "repeating an image",
        [IMAGE, {"class_name": "RepeatVector", "n": 2}],
        ["(batch, features)"],
    ),
    (
        "kernel larger than its input",
        [inputs(4, 4, 1), {"class_name": "Conv2D", "filters": 4, "kernel_size": 7}],
        ["(batch, 4, 4, 1)"],
    ),
    (
        "pooling to nothing",
        [inputs(2, 2, 1), {"class_name": "MaxPooling2D", "config": {"pool_size": 3}}],
        ["(batch, 2, 2, 1)"],
    ),
]


@pytest.mark.parametrize(
    ("layers", "words"), [case[1:] for case in FIXED], ids=[c[0] for c in FIXED]
)
@pytest.mark.parametrize("bare", [True, False], ids=["list", "object"])
def test_fix_applies(layers: list[dict[str, Any]], words: list[str], bare: bool) -> None:
    body = {"stack": layers if bare else {"layers": layers}}
    fault = refusal(body)
    assert fault.code == "invalid-stack"
    assert [item.code for item in fault.items] == ["shape-mismatch"]
    item = fault.items[0]
    for word in words:
        assert word in item.detail
    assert item.fix is not None
    plan = check.run(patched(body, item.fix), Silent())
    assert plan["shapes"] is True


def test_two_inputs_of_different_shape_are_both_named() -> None:
    layers = [
        {"class_name": "Input", "name": "one", "shape": [4]},
        {"class_name": "Input", "name": "two", "shape": [5]},
        {"class_name": "Add", "inputs": ["one", "two"]},
    ]
    fault = refusal({"stack": layers})
    assert [item.pointer for item in fault.items] == ["/stack/2"]
    for word in ("'one'", "(batch, 4)", "'two'", "(batch, 5)", "'add' (Add)"):
        assert word in fault.items[0].detail


def test_errors_below_an_unknown_shape_are_still_found() -> None:
    layers = [
        inputs(8),
        {"class_name": "Conv2D", "filters": 2, "kernel_size": 2},
        {"class_name": "Dense", "units": 0},
        {"class_name": "Dense", "units": 2, "activation": "rellu"},
    ]
    fault = refusal({"stack": layers})
    found = {(item.pointer, item.code) for item in fault.items}
    assert found == {
        ("/stack/1", "shape-mismatch"),
        ("/stack/2/units", "bad-value"),
        ("/stack/3/activation", "unknown-class"),
    }
