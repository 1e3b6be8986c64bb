"""What Keras writes of a model is a stack: same layers, same numbers."""

import json
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from engine.stack import build_network, read
from engine.tasks import check

from ..silent import Silent


def residual() -> Any:
    image = keras.Input((8, 8, 3), name="image")
    first = layers.Conv2D(4, 3, padding="same", name="first")(image)
    second = layers.Conv2D(4, 3, padding="same", activation="relu")(first)
    added = layers.Add()([first, second])
    return keras.Model(image, layers.Dense(2)(layers.Flatten()(added)), name="residual")


def operations() -> Any:
    row = keras.Input((4,), name="row")
    left, right = layers.Dense(3)(row), layers.Dense(3)(row)
    summed = ops.relu(left + right * 2.0 - 1) / 4
    mixed = ops.concatenate([summed, 1 - left, -right], axis=-1)
    return keras.Model(row, ops.maximum(mixed, mixed * mixed))


def states() -> Any:
    tokens = keras.Input((5,), dtype="int32")
    embedded = layers.Embedding(9, 4)(tokens)
    _, hidden, cell = layers.LSTM(3, return_state=True)(embedded)
    decoded = layers.LSTM(3)(layers.Reshape((5, 4))(embedded), initial_state=[hidden, cell])
    return keras.Model(tokens, decoded)


def attention() -> Any:
    steps, other = keras.Input((6, 4)), keras.Input((5, 4))
    attended = layers.MultiHeadAttention(2, 2)(steps, other, use_causal_mask=True)
    return keras.Model([steps, other], [layers.LayerNormalization()(attended), attended])


def sequential() -> Any:
    return keras.Sequential(
        [
            keras.Input((6, 4)),
            layers.Bidirectional(layers.GRU(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(2, kernel_regularizer="l2")),
            layers.GlobalAveragePooling1D(),
        ]
    )


def nested() -> Any:
    encoder = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()], name="encoder")
    inner_in = keras.Input((3,))
    head = keras.Model(inner_in, layers.Dense(2)(layers.Dense(2)(inner_in) + 1.0), name="head")
    return keras.Sequential([keras.Input((4,)), encoder, head, layers.Dense(1)])


def nested_in_functional() -> Any:
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    first, second = keras.Input((4,)), keras.Input((4,))
    pair = keras.Model([first, second], [layers.Add()([first, second]), first * 2], name="pair")
    total, twice = pair([one, two])
    return keras.Model([one, two], layers.Concatenate()([total, twice]))


def shared() -> Any:
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    dense = layers.Dense(4, name="dense")
    deep = dense(layers.ReLU()(dense(one)))
    return keras.Model([one, two], [layers.Add()([deep, dense(two)]), dense(deep)])


def siamese() -> Any:
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    row = keras.Input((4,))
    twice = layers.Dense(4, name="twice")
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4), layers.ReLU()], name="inner")
    encoder = keras.Model(row, twice(inner(twice(row)) * 2 + row), name="encoder")
    return keras.Model([one, two], layers.Subtract()([encoder(one), encoder(encoder(two))]))


MODELS = [
    *(residual, operations, states, attention, sequential),
    *(nested, nested_in_functional, shared, siamese),
]


def numbers(model: Any, seed: int) -> list[Any]:
    random = np.random.default_rng(seed)
    inputs = [
        random.integers(0, 9, (2, *tensor.shape[1:])).astype(tensor.dtype)
        for tensor in model.inputs
    ]
    return [np.asarray(one) for one in keras.tree.flatten(model(_as_taken(model, inputs)))]


def _as_taken(model: Any, inputs: list[Any]) -> Any:
    if len(inputs) == 1:
        return inputs[0]
    return dict(zip(model.input, inputs, strict=True)) if isinstance(model.input, dict) else inputs


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_imported_models_compute_the_same(make: Any) -> None:
    theirs = make()
    ours = build_network(json.loads(theirs.to_json()))
    assert [w.shape for w in ours.weights] == [w.shape for w in theirs.weights]
    ours.set_weights(theirs.get_weights())
    for mine, their in zip(numbers(ours, 7), numbers(theirs, 7), strict=True):
        np.testing.assert_allclose(mine, their, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_the_canonical_form_of_an_import_is_its_own(make: Any) -> None:
    stack, findings = read(json.loads(make().to_json()))
    assert findings.items == []
    again, findings = read(stack.to_json())
    assert findings.items == []
    assert again.to_json() == stack.to_json()


def test_errors_point_into_the_text_that_keras_wrote() -> None:
    document = json.loads(residual().to_json())
    document["config"]["layers"][1]["config"]["filters"] = -1
    document["config"]["layers"][2]["module"] = "os"
    items = {(item.pointer, item.code) for item in read(document)[1].items}
    assert items == {
        ("/stack/config/layers/1/config/filters", "bad-value"),
        ("/stack/config/layers/2/module", "forbidden-class"),
    }


def test_code_in_a_saved_model_is_refused() -> None:
    row = keras.Input((4,))
    model = keras.Model(row, layers.Lambda(lambda x: x)(row))
    items = read(json.loads(model.to_json()))[1].items
    assert [item.code for item in items] == ["forbidden-class"]


def test_operations_that_are_not_offered_are_refused_by_name() -> None:
    row = keras.Input((4,))
    model = keras.Model(row, ops.bincount(ops.cast(row, "int32")))
    items = read(json.loads(model.to_json()))[1].items
    assert [item.code for item in items] == ["forbidden-class"]
    assert "Bincount" in items[0].detail
    assert "values" in items[0].detail


def test_an_operation_is_no_layer() -> None:
    layer = {"module": "keras.src.ops.numpy", "class_name": "Add", "config": {}}
    assert [item.code for item in read([layer])[1].items] == ["forbidden-class"]


def test_calls_that_wait_for_one_another_are_refused() -> None:
    document = json.loads(shared().to_json())
    layer = next(one for one in document["config"]["layers"] if one["name"] == "dense")
    first, *_ = layer["inbound_nodes"]
    first["args"][0]["config"]["keras_history"] = ["dense", 2, 0]
    assert "unknown-input" in [item.code for item in read(document)[1].items]


def test_shared_layers_count_once() -> None:
    plan = check.run({"stack": json.loads(siamese().to_json())}, Silent())
    assert plan["parameters"]["total"] == 40 == siamese().count_params()
    names = [layer["name"] for layer in plan["layers"]]
    assert [name for name in names if "twice" in name][:3] == [
        "encoder.twice",
        "encoder.twice.2",
        "encoder.2.twice",
    ]
