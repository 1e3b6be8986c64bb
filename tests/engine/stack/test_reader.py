"""What the reader accepts, and what it says against the rest: pointer, code, remedy."""

from typing import Any

import pytest

from engine.faults import Fault, Item
from engine.stack import Limits, build_network, build_object, read

from .patch import patched

DENSE = {"class_name": "Dense", "units": 2}


def errors(document: Any) -> list[Item]:
    return read(document)[1].items


def found(document: Any) -> set[tuple[str, str]]:
    return {(item.pointer, item.code) for item in errors(document)}


@pytest.mark.parametrize(
    ("layer", "pointer", "code"),
    [
        ({"class_name": "Dens", "units": 1}, "/class_name", "unknown-layer"),
        ({"class_name": "dense", "units": 1}, "/class_name", "unknown-layer"),
        ({"units": 1}, "/class_name", "missing-field"),
        ({"class_name": 3}, "/class_name", "bad-type"),
        ("Flatten", "", "bad-type"),
        (3, "", "bad-type"),
        (None, "", "bad-type"),
        ({"class_name": "Dense"}, "", "missing-argument"),
        ({"class_name": "Dense", "units": 1, "unitz": 2}, "/unitz", "unknown-argument"),
        ({"class_name": "Dense", "units": -1}, "/units", "bad-value"),
        ({"class_name": "Dense", "units": 0}, "/units", "bad-value"),
        ({"class_name": "Dense", "units": 10**30}, "/units", "too-large"),
        ({"class_name": "Dense", "units": "3"}, "/units", "bad-type"),
        ({"class_name": "Dense", "units": True}, "/units", "bad-type"),
        ({"class_name": "Dense", "units": 2.5}, "/units", "bad-type"),
        ({"class_name": "Dense", "units": [3]}, "/units", "bad-type"),
        ({"class_name": "Dense", "config": {"units": -1}}, "/config/units", "bad-value"),
        ({"class_name": "Dense", "config": {"units": 1}, "use_bias": True}, "", "mixed-forms"),
        ({"class_name": "Dense", "config": 3}, "/config", "bad-type"),
        ({**DENSE, "use_bias": "no"}, "/use_bias", "bad-type"),
        ({**DENSE, "activation": "rellu"}, "/activation", "unknown-class"),
        ({**DENSE, "activation": {"units": 1}}, "/activation/class_name", "missing-field"),
        ({**DENSE, "dtype": "int3"}, "/dtype", "bad-value"),
        ({**DENSE, "quantization_config": {"a": 1}}, "/quantization_config", "bad-value"),
        ({**DENSE, "kernel_initializer": "he_norm"}, "/kernel_initializer", "unknown-class"),
        (
            {**DENSE, "kernel_regularizer": {"class_name": "L2", "l3": 1}},
            "/kernel_regularizer/l3",
            "unknown-argument",
        ),
        (
            {**DENSE, "kernel_regularizer": {"class_name": "L2", "config": {"l2": "a"}}},
            "/kernel_regularizer/config/l2",
            "bad-type",
        ),
        ({**DENSE, "kernel_constraint": 3}, "/kernel_constraint", "bad-type"),
        ({"class_name": "Dropout", "rate": float("nan")}, "/rate", "bad-value"),
        ({"class_name": "Dropout", "rate": float("inf")}, "/rate", "bad-value"),
        ({"class_name": "Rescaling", "scale": {"a": 1}}, "/scale", "bad-type"),
        ({"class_name": "Lambda", "function": "x"}, "/class_name", "forbidden-class"),
        ({"class_name": "TFSMLayer", "filepath": "/x"}, "/class_name", "forbidden-class"),
        ({"class_name": "TorchModuleWrapper"}, "/class_name", "forbidden-class"),
        ({"class_name": "JaxLayer"}, "/class_name", "forbidden-class"),
        ({"class_name": "FlaxLayer"}, "/class_name", "forbidden-class"),
        ({"class_name": "Layer"}, "/class_name", "forbidden-class"),
        ({**DENSE, "module": "os.path"}, "/module", "forbidden-class"),
        ({**DENSE, "module": "keras_evil"}, "/module", "forbidden-class"),
        ({**DENSE, "registered_name": "Mine>Dense"}, "/registered_name", "forbidden-class"),
        (
            {"class_name": "StringLookup", "vocabulary": "/etc/passwd"},
            "/vocabulary",
            "forbidden-class",
        ),
        (
            {"class_name": "TextVectorization", "vocabulary": "words.txt"},
            "/vocabulary",
            "forbidden-class",
        ),
        ({**DENSE, "name": "a/b"}, "/name", "bad-value"),
        ({**DENSE, "name": ""}, "/name", "bad-value"),
        ({**DENSE, "name": 3}, "/name", "bad-value"),
        ({**DENSE, "name": "x" * 129}, "/name", "bad-value"),
        (
            {"class_name": "Dense", "config": {"units": 1, "name": "-a"}},
            "/config/name",
            "bad-value",
        ),
        ({**DENSE, "inputs": "nobody"}, "/inputs", "unknown-input"),
        ({**DENSE, "inputs": ["nobody"]}, "/inputs/0", "unknown-input"),
        ({**DENSE, "inputs": []}, "/inputs", "bad-value"),
        ({**DENSE, "inputs": 3}, "/inputs", "bad-type"),
        ({**DENSE, "kwargs": {"mask": {"layer": "x"}}}, "/kwargs/mask", "unknown-argument"),
        (
            {"class_name": "LSTM", "units": 1, "kwargs": {"mask": {"layer": "x"}}},
            "/kwargs/mask",
            "unknown-input",
        ),
        ({**DENSE, "kwargs": 3}, "/kwargs", "bad-type"),
        ({**DENSE, "weights": "vectors.txt"}, "/weights", "bad-type"),
        ({"class_name": "GRUCell", "units": 3}, "/class_name", "bad-value"),
        (
            {"class_name": "Bidirectional", "layer": {"class_name": "LSTM", "unit": 3}},
            "/layer/unit",
            "unknown-argument",
        ),
        (
            {"class_name": "RNN", "cell": [{"class_name": "GRUCell", "units": 0}]},
            "/cell/0/units",
            "bad-value",
        ),
        (
            {"class_name": "TimeDistributed", "layer": {"class_name": "Lambda"}},
            "/layer/class_name",
            "forbidden-class",
        ),
        ({"class_name": "Input", "shape": [0]}, "/shape/0", "bad-value"),
        ({"class_name": "Input", "shape": "3"}, "/shape", "bad-type"),
        ({"class_name": "Input", "shape": [1] * 9}, "/shape", "bad-type"),
        ({"class_name": "Input", "batch_shape": [8, 3]}, "/batch_shape", "bad-value"),
        ({"class_name": "Input", "batch_shape": [None, -3]}, "/batch_shape/1", "bad-value"),
        ({"class_name": "Input", "shape": [3], "batch_size": 4}, "/batch_size", "bad-value"),
        ({"class_name": "RandAugment", "num_ops": 10**9}, "/num_ops", "too-large"),
    ],
)
def test_one_error_is_found_where_it_is(layer: Any, pointer: str, code: str) -> None:
    tail = [DENSE] if isinstance(layer, dict) and layer.get("class_name") == "Input" else []
    assert found([layer, *tail]) == {(f"/stack/0{pointer}", code)}
    assert found({"layers": [layer, *tail]}) == {(f"/stack/layers/0{pointer}", code)}


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        ([], "/stack", "empty-stack"),
        ({"layers": []}, "/stack/layers", "empty-stack"),
        ({}, "/stack/layers", "missing-field"),
        ({"layers": 3}, "/stack/layers", "bad-type"),
        ("Dense", "/stack", "bad-type"),
        (None, "/stack", "bad-type"),
        ({"layers": [DENSE], "output": ["a"]}, "/stack/output", "unknown-field"),
        ({"layers": [DENSE], "outputs": ["a"]}, "/stack/outputs/0", "unknown-output"),
        ({"layers": [DENSE], "outputs": "a"}, "/stack/outputs", "unknown-output"),
        ({"layers": [DENSE], "outputs": ["dense", "dense"]}, "/stack/outputs/1", "duplicate-name"),
        ({"layers": [DENSE], "outputs": []}, "/stack/outputs", "bad-type"),
        ({"layers": [DENSE], "name": "a b"}, "/stack/name", "bad-value"),
        ({"layers": [{"class_name": "Input"}]}, "/stack/layers", "empty-stack"),
        ({"layers": [DENSE, DENSE], "outputs": ["dense"]}, "/stack/layers/1", "bad-value"),
        ([{**DENSE, "name": "a"}, {**DENSE, "name": "a"}], "/stack/1/name", "duplicate-name"),
    ],
)
def test_errors_of_the_whole(document: Any, pointer: str, code: str) -> None:
    assert found(document) == {(pointer, code)}


def test_all_errors_come_at_once() -> None:
    document = [
        {"class_name": "Dens", "units": 1},
        {"class_name": "Dense", "unit": 1, "activation": "rellu"},
        {"class_name": "Dropout", "rate": "much"},
    ]
    assert found(document) == {
        ("/stack/0/class_name", "unknown-layer"),
        ("/stack/1/unit", "unknown-argument"),
        ("/stack/1/activation", "unknown-class"),
        ("/stack/2/rate", "bad-type"),
    }


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "Dens", "units": 1},
        {"class_name": "Dense", "unit": 1},
        {"class_name": "Dense", "config": {"unit": 1}},
        {"class_name": "Dense", "units": 1, "activation": "rellu"},
        {"class_name": "Dense", "units": 1, "kernel_initializer": {"class_name": "HeNorml"}},
        {"class_name": "Dense", "units": 1, "config": {"use_bias": False}},
        {"class_name": "LSTMCell", "units": 1},
        "Flatten",
    ],
)
@pytest.mark.parametrize("bare", [True, False], ids=["list", "object"])
def test_fixes_apply_to_the_text_as_sent(layer: Any, bare: bool) -> None:
    body = {"stack": [layer] if bare else {"layers": [layer]}}
    items = errors(body["stack"])
    assert len(items) == 1
    assert items[0].fix is not None
    assert errors(patched(body, items[0].fix)["stack"]) == []


def test_misspelt_names_come_with_the_right_ones() -> None:
    assert errors([{"class_name": "Convolution2d", "filters": 1, "kernel_size": 1}])[
        0
    ].did_you_mean[:1] == ["Convolution2D"]
    assert errors([{"class_name": "Dense", "unit": 1}])[0].did_you_mean == ["units"]


def test_limits() -> None:
    stack, findings = read([DENSE] * 5, limits=Limits(layers=4))
    assert stack.lines == []
    assert [item.code for item in findings.items] == ["too-large"]
    with pytest.raises(Fault, match="4 layers") as caught:
        findings.refuse("invalid-stack")
    assert caught.value.code == "stack-too-large"
    wrapped: dict[str, Any] = dict(DENSE)
    for _ in range(9):
        wrapped = {"class_name": "TimeDistributed", "layer": wrapped}
    assert {item.code for item in errors([wrapped])} == {"too-large"}
    assert read([wrapped], limits=Limits(nesting=10))[1].items == []
    inner = {"class_name": "Pipeline", "layers": [{"class_name": "RandomFlip"}] * 5}
    assert {item.code for item in read([inner], limits=Limits(layers=4))[1].items} == {"too-large"}


def test_names_are_those_keras_would_give_and_stay_per_document() -> None:
    document = [DENSE, {**DENSE, "name": "dense_1"}, DENSE, {"class_name": "MaxPooling2D"}]
    for _ in range(2):
        names = [line.name for line in read(document)[0].lines]
        assert names == ["input", "dense", "dense_1", "dense_2", "max_pooling2d"]


def test_branches_call_arguments_and_outputs() -> None:
    network = build_network(
        {
            "name": "two_towers",
            "layers": [
                {"class_name": "Input", "name": "tokens", "shape": [6], "dtype": "int32"},
                {"class_name": "Embedding", "input_dim": 9, "output_dim": 4, "mask_zero": True},
                {"class_name": "LSTM", "name": "encoder", "units": 3, "return_state": True},
                {"class_name": "Input", "name": "steps", "shape": [5, 2]},
                {
                    "class_name": "LSTM",
                    "name": "decoder",
                    "units": 3,
                    "kwargs": {
                        "initial_state": [
                            {"layer": "encoder", "output": 1},
                            {"layer": "encoder", "output": 2},
                        ]
                    },
                },
                {"class_name": "Concatenate", "inputs": ["encoder", "decoder"]},
                {"class_name": "Dense", "name": "price", "units": 1},
                {"class_name": "Dense", "name": "kind", "inputs": "concatenate", "units": 2},
            ],
        }
    )
    assert network.name == "two_towers"
    assert set(network.input) == {"tokens", "steps"}
    assert {name: tuple(out.shape) for name, out in network.output.items()} == {
        "price": (None, 1),
        "kind": (None, 2),
    }


def test_one_tensor_for_query_and_value_is_self_attention() -> None:
    network = build_network(
        [
            {"class_name": "Input", "shape": [6, 4]},
            {"class_name": "MultiHeadAttention", "num_heads": 1, "key_dim": 2},
        ]
    )
    assert network.output_shape == (None, 6, 4)


def test_a_network_needs_the_shape_of_its_input() -> None:
    with pytest.raises(Fault, match="has no shape"):
        build_network([DENSE])


def test_what_only_the_constructor_knows_is_told_at_the_argument() -> None:
    with pytest.raises(Fault) as caught:
        build_network([{"class_name": "Input", "shape": [3]}, {"class_name": "Dropout", "rate": 7}])
    item = caught.value.items[0]
    assert (item.pointer, item.code) == ("/stack/1/rate", "bad-value")


def test_nothing_of_a_request_is_run_or_opened(tmp_path: Any) -> None:
    marker = tmp_path / "marker"
    code = f"__import__('pathlib').Path({str(marker)!r}).touch()"
    for value in (code, {"class_name": "__lambda__", "config": {"value": code}}):
        for layer in ({**DENSE, "activation": value}, {"class_name": "Lambda", "function": value}):
            assert errors([layer])
    assert not marker.exists()


@pytest.mark.parametrize("kind", ["optimizers", "losses", "metrics", "callbacks"])
def test_objects_that_are_nothing_are_refused(kind: str) -> None:
    for value in ("nothing", 3, None, {"class_name": "Nothing"}, {}):
        with pytest.raises(Fault) as caught:
            build_object(kind, value)
        assert caught.value.code == "invalid-training"
