"""The numbers of a plan against Keras and against hand counts."""

from typing import Any

import pytest

from engine.plan import architecture
from engine.plan.memory import slots
from engine.stack import build_network, build_object, read
from engine.tasks import check

from ..silent import Silent


def plan(*layers: dict[str, Any]) -> dict[str, Any]:
    return check.run({"stack": list(layers)}, Silent())


def data(*shape: int) -> dict[str, Any]:
    return {"class_name": "Input", "shape": list(shape)}


def test_frozen_layers_count_as_frozen() -> None:
    found = plan(data(4), {"class_name": "Dense", "units": 3, "trainable": False})
    assert found["parameters"] == {"total": 15, "trainable": 0, "frozen": 15}


@pytest.mark.parametrize(
    ("shape", "layer", "operations"),
    [
        ((4,), {"class_name": "Dense", "units": 3}, 2 * 4 * 3),
        ((5, 4), {"class_name": "Dense", "units": 3}, 5 * 2 * 4 * 3),
        ((8, 8, 3), {"class_name": "Conv2D", "filters": 4, "kernel_size": 3}, 6 * 6 * 4 * 27 * 2),
        (
            (8, 8, 4),
            {"class_name": "Conv2D", "filters": 6, "kernel_size": 3, "groups": 2},
            6 * 6 * 6 * (9 * 2) * 2,
        ),
        (
            (4, 4, 3),
            {"class_name": "Conv2DTranspose", "filters": 2, "kernel_size": 3},
            4 * 4 * 27 * 2 * 2,
        ),
        ((8, 8, 3), {"class_name": "DepthwiseConv2D", "kernel_size": 3}, 6 * 6 * 27 * 2),
        (
            (8, 8, 3),
            {"class_name": "SeparableConv2D", "filters": 5, "kernel_size": 3},
            6 * 6 * (27 + 15) * 2,
        ),
        ((7, 4), {"class_name": "LSTM", "units": 3}, 7 * 2 * 4 * 3 * (4 + 3)),
        ((7, 4), {"class_name": "GRU", "units": 3}, 7 * 2 * 3 * 3 * (4 + 3)),
        (
            (7, 4),
            {"class_name": "Bidirectional", "layer": {"class_name": "SimpleRNN", "units": 3}},
            2 * 7 * 2 * 3 * (4 + 3),
        ),
        (
            (7, 4),
            {"class_name": "TimeDistributed", "layer": {"class_name": "Dense", "units": 3}},
            7 * 2 * 4 * 3,
        ),
        ((4,), {"class_name": "BatchNormalization"}, None),
    ],
)
def test_operations(shape: tuple[int, ...], layer: dict[str, Any], operations: int | None) -> None:
    assert plan(data(*shape), layer)["layers"][1]["flops"] == operations


def test_activations_are_counted_by_dtype() -> None:
    half = plan(data(4), {"class_name": "Dense", "units": 6, "dtype": "float16"})
    assert half["layers"][1]["activation_bytes"] == 12


@pytest.mark.parametrize(
    ("optimizer", "expected"),
    [
        ("sgd", 1),
        ({"class_name": "SGD", "momentum": 0.9}, 1),
        ("rmsprop", 1),
        ("adam", 2),
        ({"class_name": "Adam", "amsgrad": True}, 3),
        ({"class_name": "Adam", "use_ema": True}, 3),
    ],
)
def test_slots_of_optimizers_are_those_keras_makes(optimizer: Any, expected: int) -> None:
    made = build_object("optimizers", optimizer)
    network = build_network([data(64), {"class_name": "Dense", "units": 64, "use_bias": False}])
    real = build_object("optimizers", optimizer)
    real.build(network.trainable_variables)
    large = [variable for variable in real.variables if len(variable.shape) > 0]
    assert slots(made) == sum(v.value.numpy().size for v in large) / 4096
    assert slots(build_object("optimizers", optimizer)) in (expected, expected - 1)


def test_memory_grows_with_the_batch() -> None:
    stack = [data(4), {"class_name": "Dense", "units": 8}]
    small, large = (
        check.run({"stack": stack, "fit": {"batch_size": size}}, Silent())["memory"]
        for size in (1, 101)
    )
    assert large["train_bytes"] - small["train_bytes"] == 100 * 2 * (4 + 8) * 4
    assert large["evaluate_bytes"] > small["evaluate_bytes"]


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        ([{"class_name": "Dense", "units": 1}], "linear"),
        ([{"class_name": "Dense", "units": 1}] * 2, "mlp"),
        ([{"class_name": "Conv2D", "filters": 1, "kernel_size": 1}], "cnn"),
        (
            [
                {"class_name": "Conv1D", "filters": 1, "kernel_size": 1},
                {"class_name": "GRU", "units": 1},
            ],
            "cnn-rnn",
        ),
        (
            [{"class_name": "Bidirectional", "layer": {"class_name": "LSTM", "units": 1}}],
            "rnn",
        ),
        ([{"class_name": "MultiHeadAttention", "num_heads": 1, "key_dim": 1}], "transformer"),
        ([{"class_name": "Flatten"}], None),
    ],
)
def test_architecture(layers: list[dict[str, Any]], name: str | None) -> None:
    stack, findings = read(layers)
    assert findings.items == []
    assert architecture(stack) == name


def test_without_shapes_names_and_arguments_are_checked() -> None:
    found = plan({"class_name": "Dense", "units": 3})
    assert found["shapes"] is False
    assert found["parameters"] == {"total": None, "trainable": None, "frozen": None}
    assert found["layers"][1]["output_shape"] is None
