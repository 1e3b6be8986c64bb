"""Stacks within stacks and layers called again."""

from typing import Any

import keras
import numpy as np
import pytest

from engine.faults import Fault
from engine.stack import Limits, build_network, read
from engine.tasks import check

from ..silent import Silent

ROW: dict[str, Any] = {"class_name": "Input", "name": "row", "shape": [4]}
DENSE: dict[str, Any] = {"class_name": "Dense", "units": 4}
RESIDUAL: dict[str, Any] = {
    "name": "block",
    "repeat": 3,
    "layers": [
        {"class_name": "Input", "name": "x"},
        {**DENSE, "name": "inner", "activation": "relu"},
        {"class_name": "Add", "inputs": ["inner", "x"]},
    ],
}


def plan(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = check.run({"stack": {"layers": list(layers), **more}}, Silent())
    again = check.run({"stack": found["request"]["stack"]}, Silent())
    assert again["request"]["stack"] == found["request"]["stack"]
    assert again["layers"] == found["layers"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [layer["name"] for layer in found["layers"]]


def codes(stack: Any, limits: Limits | None = None) -> list[tuple[str, str]]:
    _, findings = read(stack, "", limits)
    return [(item.pointer, item.code) for item in findings.items]


def test_a_block_is_laid_out_in_its_place() -> None:
    inner = {"layers": [DENSE, {"class_name": "ReLU"}, DENSE]}
    found = plan(ROW, inner, {**DENSE, "units": 1})
    assert names(found) == ["row", "block.dense", "block.re_lu", "block.dense_1", "dense"]
    assert found["parameters"]["total"] == 20 + 20 + 5


def test_repetitions_are_fed_by_the_one_before() -> None:
    found = plan(ROW, RESIDUAL)
    assert names(found)[1:4] == ["block.1.inner", "block.1.add", "block.2.inner"]
    layers = found["request"]["stack"]["layers"]
    assert layers[4]["inputs"] == ["block.2.inner", "block.1.add"]
    network = build_network(found["request"]["stack"])
    row = keras.Input((4,))
    x: Any = row
    for _ in range(3):
        x = x + keras.layers.Dense(4, activation="relu")(x)
    twin = keras.Model(row, x)
    twin.set_weights(network.get_weights())
    values = np.linspace(-1, 1, 12, dtype="float32").reshape(3, 4)
    np.testing.assert_allclose(network(values), twin(values), rtol=1e-6)


def test_blocks_nest_and_name_their_outputs() -> None:
    deep = {
        "name": "outer",
        "layers": [
            {"name": "inner", "repeat": 2, "layers": [{**DENSE, "name": "d"}]},
            {**DENSE, "name": "side", "inputs": "inner"},
            {**DENSE, "name": "last", "inputs": "side"},
        ],
        "outputs": ["side", "last"],
    }
    end = {"class_name": "Concatenate", "name": "end"}
    found = plan(ROW, deep, end)
    assert names(found)[1:3] == ["outer.inner.1.d", "outer.inner.2.d"]
    assert found["layers"][-1]["output_shape"] == [None, 8]
    other = plan(ROW, deep, {**end, "inputs": ["row", {"layer": "outer", "output": 1}, "outer"]})
    assert other["layers"][-1]["output_shape"] == [None, 16]
    assert plan(ROW, deep, outputs=["outer"])["request"]["stack"]["outputs"] == [
        "outer.side",
        "outer.last",
    ]


def test_inner_layers_can_be_named_from_outside_and_outer_ones_from_inside() -> None:
    inner = {"name": "b", "layers": [DENSE, {"class_name": "Add", "inputs": ["dense", "row"]}]}
    found = plan(ROW, inner, {"class_name": "Add", "inputs": ["b.dense", "b"]})
    assert found["request"]["stack"]["layers"][-1]["inputs"] == ["b.dense", "b.add"]


def test_a_layer_called_twice_has_its_weights_once() -> None:
    found = plan(
        ROW,
        {**ROW, "name": "other"},
        {**DENSE, "name": "twin", "inputs": "row"},
        {"shared": "twin", "name": "again", "inputs": "other"},
        {"class_name": "Subtract", "inputs": ["twin", "again"]},
    )
    assert found["parameters"]["total"] == 20
    assert found["layers"][3]["parameters"] == {"trainable": 0, "frozen": 0}
    network = build_network(found["request"]["stack"])
    values = np.ones((2, 4), "float32")
    assert not np.any(network({"row": values, "other": values}))
    assert np.any(network({"row": values, "other": 2 * values}))


def test_a_block_called_twice_has_its_weights_once() -> None:
    encoder = {"name": "encoder", "layers": [DENSE, {"class_name": "ReLU"}, DENSE]}
    found = plan(
        ROW,
        {**ROW, "name": "other"},
        {**encoder, "inputs": "row"},
        {"shared": "encoder", "name": "twin", "inputs": "other"},
        {"class_name": "Subtract", "inputs": ["encoder", "twin"]},
    )
    assert found["parameters"]["total"] == 40
    assert names(found)[5] == "twin.dense"
    network = build_network(found["request"]["stack"])
    values = np.ones((2, 4), "float32")
    assert not np.any(network({"row": values, "other": values}))


@pytest.mark.parametrize(
    ("layer", "pointer", "code"),
    [
        ({"layers": []}, "/layers/1/layers", "bad-type"),
        ({"layers": 3}, "/layers/1/layers", "bad-type"),
        ({"layers": [DENSE], "repeat": 0}, "/layers/1/repeat", "bad-value"),
        ({"layers": [DENSE], "repeat": True}, "/layers/1/repeat", "bad-value"),
        ({"layers": [DENSE], "repeats": 2}, "/layers/1/repeats", "unknown-field"),
        ({"layers": [DENSE], "name": "?"}, "/layers/1/name", "bad-value"),
        ({"layers": [DENSE], "name": "row"}, "/layers/1/name", "duplicate-name"),
        ({"layers": [DENSE], "outputs": "x"}, "/layers/1/outputs", "unknown-output"),
        ({"layers": [{**DENSE, "unit": 1}]}, "/layers/1/layers/0/unit", "unknown-argument"),
        ({"layers": [{**DENSE, "inputs": "x"}]}, "/layers/1/layers/0/inputs", "unknown-input"),
        ({"layers": [{"class_name": "Input"}] * 2}, "/layers/1/layers/1", "unknown-input"),
        ({"shared": "x"}, "/layers/1/shared", "unknown-input"),
        ({"shared": 3}, "/layers/1/shared", "bad-type"),
        ({"shared": "row"}, "/layers/1/shared", "bad-value"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    layer: dict[str, Any], pointer: str, code: str
) -> None:
    assert codes({"layers": [ROW, layer, {**DENSE, "name": "end"}]})[0] == (pointer, code)


def test_shared_layers_have_no_arguments_of_their_own() -> None:
    stack = [ROW, {**DENSE, "name": "a"}, {"shared": "a", "units": 3, "class_name": "Conv2D"}]
    assert codes(stack) == [("/2/units", "unknown-argument"), ("/2/class_name", "bad-value")]
    adapted = {"class_name": "Normalization", "name": "n"}
    assert codes([ROW, adapted, {"shared": "n"}]) == [("/2/shared", "bad-value")]


def test_repetitions_count_as_layers() -> None:
    block: Any = {"layers": [DENSE], "repeat": 30}
    assert codes([ROW, block], Limits(layers=31)) == []
    assert codes([ROW, block], Limits(layers=30)) == [("", "too-large")]
    for _ in range(6):
        block = {"layers": [block], "repeat": 2_000}
    assert codes([ROW, block]) == [("", "too-large")]
    with pytest.raises(Fault) as caught:
        check.run({"stack": [ROW, block]}, Silent())
    assert caught.value.code == "stack-too-large"
    for _ in range(2):
        block = {"layers": [block]}
    assert codes([ROW, block])[0][1] == "too-large"
