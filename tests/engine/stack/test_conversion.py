"""Short form and Keras's own, there and back: nothing is lost, and Keras loads what is written."""

import json
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.faults import Fault
from engine.plan import clean_session
from engine.stack import build_network
from engine.tasks import convert

from ..silent import Silent
from .examples import EXAMPLES, stack_of
from .test_catalog_in_stacks import USABLE
from .test_keras_json import MODELS, numbers

NAMES = ("relu", "tanh", "selu")


def converted(stack: Any, to: str) -> Any:
    found = convert.run({"stack": stack, "to": to}, Silent())
    return json.loads(json.dumps(found["stack"]))


def assert_lossless(stack: Any) -> dict[str, Any]:
    """The stack in Keras's form, after all that must hold of it."""
    short = converted(stack, "short")
    assert converted(short, "short") == short
    written: dict[str, Any] = converted(stack, "keras")
    assert converted(written, "short") == short
    with clean_session():
        ours = build_network(short)
        config = json.dumps(ours.get_config())
    with clean_session():
        theirs = keras.models.model_from_json(json.dumps(written))
        assert theirs.count_params() == ours.count_params()
        if written["class_name"] == "Functional":
            assert json.dumps(theirs.get_config()) == config
        else:
            layers = [layer.get_config() for layer in theirs.layers]
            assert json.dumps(layers) == json.dumps([one.get_config() for one in ours.layers[1:]])
    return written


@pytest.mark.parametrize("name", [e.name for e in USABLE if e.name != "RandomShear"])
def test_every_layer(name: str) -> None:
    stack = stack_of(name, EXAMPLES[name])
    short = converted(stack, "short")
    written = converted(short, "keras")
    assert converted(written, "short") == short
    assert keras.models.model_from_json(json.dumps(written)).count_params() >= 0


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_models_of_keras_stay_the_same_network(make: Any) -> None:
    theirs = make()
    short = converted(json.loads(theirs.to_json()), "short")
    ours = keras.models.model_from_json(json.dumps(converted(short, "keras")))
    ours.set_weights(theirs.get_weights())
    for mine, their in zip(numbers(ours, 7), numbers(theirs, 7), strict=True):
        np.testing.assert_allclose(mine, their, rtol=1e-5, atol=1e-6)
    assert converted(converted(short, "keras"), "short") == short


def test_the_short_form_is_short() -> None:
    image = keras.Input((8, 8, 3), name="image")
    layer = keras.layers.Conv2D(4, 3, strides=2, name="conv", kernel_initializer="he_normal")
    pooled = keras.layers.MaxPooling2D(name="pool")(layer(image))
    document = json.loads(keras.Model(image, pooled, name="network").to_json())
    assert converted(document, "short") == {
        "layers": [
            {"class_name": "Input", "name": "image", "shape": [8, 8, 3]},
            {
                "class_name": "Conv2D",
                "name": "conv",
                "filters": 4,
                "kernel_size": 3,
                "strides": 2,
                "kernel_initializer": "he_normal",
            },
            {"class_name": "MaxPooling2D", "name": "pool"},
        ],
        "outputs": ["pool"],
    }


def test_seeds_and_names_within_are_kept_and_none_is_made_up() -> None:
    image = {"class_name": "Input", "shape": [8, 8, 3]}
    inner = {"class_name": "RandomFlip", "seed": 3, "name": "mirror"}
    stack = [image, {"class_name": "RandomFlip"}, {"class_name": "Pipeline", "layers": [inner]}]
    written = assert_written(stack)
    assert '"seed": null' in json.dumps(written) or '"seed"' not in json.dumps(
        written["config"]["layers"][1]
    )
    short = converted(written, "short")
    assert short["layers"][2]["layers"] == [inner]


def assert_written(stack: Any) -> dict[str, Any]:
    written: dict[str, Any] = converted(stack, "keras")
    assert converted(written, "short") == converted(stack, "short")
    return written


def test_what_keras_cannot_load_is_refused() -> None:
    image = {"class_name": "Input", "shape": [8, 8, 3]}
    wrapped = {"class_name": "Pipeline", "layers": [{"class_name": "RandomShear"}]}
    for stack in ([image, {"class_name": "RandomShear"}], [image, wrapped]):
        with pytest.raises(Fault) as refused:
            converted(stack, "keras")
        assert [item.pointer for item in refused.value.items] == ["/stack/1"]
        converted(stack, "short")


@st.composite
def arguments(draw: st.DrawFn) -> dict[str, Any]:
    """Nested objects in several ways of writing them."""
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["activation"] = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        shown = {"class_name": "HeNormal", "seed": draw(st.none() | st.integers(0, 9))}
        found["kernel_initializer"] = draw(st.sampled_from(["he_normal", "GlorotUniform", shown]))
    if draw(st.booleans()):
        size = draw(st.sampled_from([0.01, 0.5]))
        found["kernel_regularizer"] = {"class_name": "L2", "config": {"l2": size}}
    if draw(st.booleans()):
        found["use_bias"] = draw(st.booleans())
    if draw(st.booleans()):
        found["trainable"] = draw(st.booleans())
    return found


@st.composite
def lines(draw: st.DrawFn, taken: list[str], dense: list[str]) -> dict[str, Any]:
    """A layer that takes sequences of (6, 4) and gives the same, fed by any of the earlier."""
    line: dict[str, Any] = {"inputs": draw(st.sampled_from(taken))}
    ways = ("dense", "recurrent", "bidirectional", "distributed", "merge", "attention", "block")
    way = draw(st.sampled_from([*ways, "operation", "state", *(["shared"] if dense else [])]))
    given = draw(arguments())
    if way == "shared":
        return {**line, "shared": draw(st.sampled_from(dense))}
    if way in ("merge", "attention"):
        line["inputs"] = [line["inputs"], draw(st.sampled_from(taken))]
    wide = {"class_name": "Dense", "units": 4, **given}
    found: dict[str, dict[str, Any]] = {
        "dense": wide,
        "recurrent": {"class_name": "GRU", "units": 4, "return_sequences": True, **given},
        "bidirectional": {
            "class_name": "Bidirectional",
            "merge_mode": "sum",
            "layer": {"class_name": "LSTM", "units": 4, "return_sequences": True, **given},
        },
        "distributed": {"class_name": "TimeDistributed", "layer": wide},
        "merge": {"class_name": draw(st.sampled_from(["Add", "Multiply", "Average"]))},
        "attention": {
            **{"class_name": "MultiHeadAttention", "num_heads": 2, "key_dim": 2},
            "kwargs": {"use_causal_mask": draw(st.booleans())},
        },
        "block": {"layers": [wide, {"class_name": "LayerNormalization"}], "repeat": 2},
        "operation": {"class_name": "ops.Power", "kwargs": {"x2": draw(st.integers(1, 3))}},
        "state": {
            **{"class_name": "SimpleRNN", "units": 4, "return_sequences": True},
            "kwargs": {"initial_state": {"layer": "state"}},
        },
    }
    return {**line, **found[way]}


@st.composite
def stacks(draw: st.DrawFn) -> dict[str, Any]:
    """A stack of one to six layers and their Inputs, all of whose loose ends are outputs."""
    taken = [f"in{index}" for index in range(draw(st.integers(1, 2)))]
    layers = [{"class_name": "Input", "name": name, "shape": [6, 4]} for name in taken]
    layers.append({"class_name": "Input", "name": "rows", "shape": [4], "dtype": "float32"})
    layers.append({"class_name": "Dense", "name": "state", "units": 4, "inputs": "rows"})
    dense: list[str] = []
    for index in range(draw(st.integers(1, 6))):
        line = draw(lines(taken, dense))
        line["name"] = f"layer{index}"
        if line.get("class_name") == "Dense":
            dense.append(line["name"])
        taken.append(line["name"])
        layers.append(line)
    members = [{"class_name": "Flatten", "name": f"flat.{n}", "inputs": n} for n in taken]
    return {"name": "made", "layers": [*layers, *members]}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(stacks())
def test_any_stack_goes_there_and_back(stack: dict[str, Any]) -> None:
    assert_lossless(stack)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(stacks())
def test_very_many_stacks_go_there_and_back(stack: dict[str, Any]) -> None:
    assert_lossless(stack)


def test_a_plain_stack_is_sequential() -> None:
    stack = [{"class_name": "Input", "shape": [4]}, {"class_name": "Dense", "units": 2}]
    assert assert_lossless(stack)["class_name"] == "Sequential"


def test_names_of_later_calls_are_kept() -> None:
    stack = [
        {"class_name": "Input", "shape": [4]},
        {"class_name": "Dense", "units": 4, "name": "one"},
        {"shared": "one", "name": "another"},
        {"shared": "one", "name": "one.3"},
        {"class_name": "Add", "inputs": ["another", "one.3", "one"]},
    ]
    written = assert_lossless(stack)
    nodes = written["config"]["layers"][1]["inbound_nodes"]
    assert [node.get("name") for node in nodes] == [None, "another", None]


def test_where_weights_come_from_is_kept() -> None:
    rows = {"class_name": "Input", "shape": [4]}
    frozen = {"class_name": "Dense", "units": 2, "trainable": False, "name": "frozen"}
    plain = [rows, {**frozen, "weights": {"file": "file_1"}}]
    shared = [*plain, {"class_name": "Dense", "units": 2, "weights": {"model": "mdl_1"}}]
    for stack in (plain, [*shared, {"class_name": "Add", "inputs": ["frozen", "dense"]}]):
        short = converted(assert_lossless(stack), "short")
        assert short["layers"][1]["weights"] == {"file": "file_1"}
