"""Networks of several inputs and outputs, weights of rows, layers that adapt."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import palmerpenguins
import pytest

from engine.dataset.encoder import Encoder
from engine.faults import Fault
from engine.stack import build_network
from engine.tasks import predict, train
from engine.training.adaptation import adapt
from engine.training.parts import divide
from engine.training.weights import class_weights
from tests.engine._port import Recorder
from tests.engine.training import _job


def penguins(folder: Path) -> dict[str, Any]:
    frame = palmerpenguins.load_penguins().dropna()
    frame = frame.assign(weight=np.where(frame.species == "Adelie", 2.0, 1.0))
    return _job.stored(folder, frame.to_csv(index=False).encode())


def run(
    data: dict[str, Any], request: dict[str, Any], out: Path
) -> tuple[Recorder, dict[str, Any]]:
    port = Recorder()
    return port, train.run(_job.payload(data, request, out), port)


def test_two_inputs_and_two_outputs(tmp_path: Path) -> None:
    request = _job.iris_request(
        data={
            "target": {"species": "species", "mass": "body_mass_g"},
            "inputs": {
                "numbers": {"columns": ["bill_length_mm", "year"], "encoding": "standard"},
                "place": {"columns": ["island"], "encoding": ["index"]},
            },
            "sample_weight": "weight",
        },
        stack={
            "layers": [
                {"class_name": "Input", "name": "numbers", "shape": [2]},
                {"class_name": "Input", "name": "place", "shape": [1], "dtype": "int32"},
                {"class_name": "Embedding", "name": "e", "input_dim": 4, "output_dim": 3},
                {"class_name": "Flatten", "name": "f"},
                {"class_name": "Concatenate", "name": "all", "inputs": ["numbers", "f"]},
                {"class_name": "Dense", "name": "h", "units": 16, "activation": "relu"},
                {"class_name": "Dense", "name": "species", "units": 3, "activation": "softmax"},
                {"class_name": "Dense", "name": "mass", "units": 1, "inputs": "h"},
            ],
            "outputs": ["species", "mass"],
        },
        compile={
            "loss": {
                "species": "sparse_categorical_crossentropy",
                "mass": {"class_name": "MeanAbsoluteError"},
            },
            "loss_weights": {"species": 1.0, "mass": 0.0001},
            "metrics": {"species": ["accuracy"], "mass": ["mae"]},
        },
        fit={"epochs": 10, "class_weight": None},
    )
    port, _ = run(penguins(tmp_path), request, tmp_path / "o")
    logs = port.named("epoch")[-1]["logs"]
    assert {"loss", "species_accuracy", "mass_mae", "val_species_loss"} <= set(logs)
    assert logs["species_accuracy"] > 0.7
    record = {"bill_length_mm": 39.0, "year": 2007, "island": "Torgersen"}
    answer = predict.run(
        {"model": str(tmp_path / "o" / "model"), "digest": "two", "records": [record]}, Recorder()
    )
    assert sorted(answer["outputs"]) == ["mass", "species"]
    (one,) = answer["predictions"]
    assert one["species"]["label"] == "Adelie"
    assert isinstance(one["mass"]["value"], float)


def test_balanced_weights_by_hand(tmp_path: Path) -> None:
    data = penguins(tmp_path)
    request = _job.iris_request(data={"target": "species", "inputs": {}})
    payload = _job.payload(data, request, tmp_path / "o")
    source = divide(payload, ["species"]).parts["training"]
    from engine.targets import TargetEncoding

    schema = source.dataset.schema
    target = TargetEncoding.make(
        schema.column("species"), "sparse_categorical_crossentropy", False, (3,)
    )
    encoder = Encoder({}, {"output": target})
    found = class_weights("balanced", encoder, source)["output"]
    species = source.dataset.values("species", source.rows)
    for name in ("Adelie", "Chinstrap", "Gentoo"):
        mine = found[species == name]
        assert mine == pytest.approx(len(species) / (3 * len(mine)))
    named = class_weights({"Gentoo": 5}, encoder, source)["output"]
    assert set(named[species == "Gentoo"]) == {5.0}
    assert set(named[species != "Gentoo"]) == {1.0}
    with pytest.raises(Fault, match="Emperor"):
        class_weights({"Emperor": 5}, encoder, source)


def test_class_weights_change_training_and_not_validation(tmp_path: Path) -> None:
    data = penguins(tmp_path)
    inputs = {"input": {"columns": ["bill_length_mm"] * 1, "encoding": "standard"}}
    losses = []
    for wanted in (None, {"Adelie": 10.0}):
        request = _job.iris_request(
            data={"target": "species", "inputs": inputs},
            fit={"epochs": 1, "class_weight": wanted, "batch_size": 400},
            compile={"optimizer": {"class_name": "SGD", "learning_rate": 0.0}},
        )
        request["stack"]["layers"][0]["shape"] = [1]
        port, _ = run(data, request, tmp_path / str(wanted is None))
        losses.append(port.named("epoch")[0]["logs"])
    assert losses[1]["loss"] > 2 * losses[0]["loss"]
    assert losses[1]["val_loss"] == losses[0]["val_loss"]


def test_normalization_learns_from_the_training_part_alone(tmp_path: Path) -> None:
    data = _job.iris(tmp_path)
    request = _job.iris_request(
        data={"inputs": {"input": {"columns": _job.IRIS_COLUMNS, "encoding": "raw"}}}
    )
    layers = request["stack"]["layers"]
    layers.insert(1, {"class_name": "Rescaling", "name": "double", "scale": 2.0})
    layers.insert(2, {"class_name": "Normalization", "name": "norm"})
    payload = _job.payload(data, request, tmp_path / "o")
    train.run(payload, Recorder())
    source = divide(payload, ["species"]).parts["training"]
    x = np.stack([source.dataset.values(n, source.rows) for n in _job.IRIS_COLUMNS], axis=1) * 2
    stack = json.loads((tmp_path / "o" / "model" / "stack.json").read_text())
    kept = next(layer for layer in stack["layers"] if layer["name"] == "norm")
    assert np.ravel(kept["mean"]) == pytest.approx(x.mean(axis=0), rel=1e-5)
    assert np.ravel(kept["variance"]) == pytest.approx(x.var(axis=0), rel=1e-4)
    network = build_network(stack)
    network.load_weights(tmp_path / "o" / "model" / "network.weights.h5")
    again = _job.payload(data, {**request, "stack": stack}, tmp_path / "again")
    assert train.run(again, Recorder())["evaluation"] is not None


@pytest.mark.parametrize(
    ("layer", "values", "field", "expected"),
    [
        ({"class_name": "StringLookup"}, ["b", "a", "b"], "vocabulary", ["b", "a"]),
        (
            {"class_name": "StringLookup", "output_mode": "one_hot"},
            ["b", "a", "b"],
            "vocabulary",
            ["b", "a"],
        ),
        (
            {"class_name": "TextVectorization", "output_sequence_length": 4},
            ["the cat", "the dog the", "a cat"],
            "vocabulary",
            ["the", "cat", "dog", "a"],
        ),
        (
            {"class_name": "TextVectorization", "config": {"output_mode": "tf_idf"}},
            ["the cat", "the dog"],
            "idf_weights",
            None,
        ),
    ],
)
def test_vocabularies(layer: dict[str, Any], values: list[str], field: str, expected: Any) -> None:
    raw = np.array(values, dtype=object)[:, None]
    stack = {
        "layers": [
            {"class_name": "Input", "name": "text", "shape": [1], "dtype": "string"},
            {"name": "look", **layer},
        ]
    }
    learned = adapt(stack, {"text": raw})["layers"][1]
    found = (learned.get("config") or learned)[field]
    if expected is not None:
        assert found == expected
    else:
        assert len(found) == 3
        assert all(weight > 0 for weight in found)
    assert "vocabulary" not in layer
    network = build_network(adapt(stack, {"text": raw}))
    import tensorflow as tf

    assert network(tf.constant(raw)).shape[0] == len(values)


def test_discretization_and_integer_lookup() -> None:
    numbers = np.arange(100, dtype=np.float32)[:, None]
    bins = {"class_name": "Discretization", "name": "d", "num_bins": 4}
    given = {"class_name": "Input", "name": "n", "shape": [1]}
    learned = adapt({"layers": [given, bins]}, {"n": numbers})["layers"][1]
    assert learned["bin_boundaries"] == pytest.approx([25, 50, 75], abs=2)
    whole = {"class_name": "Input", "name": "n", "shape": [1], "dtype": "int64"}
    look = {"class_name": "IntegerLookup", "name": "i"}
    values = np.array([[7], [7], [3]])
    assert adapt({"layers": [whole, look]}, {"n": values})["layers"][1]["vocabulary"] == [7, 3]


def _shifted(values: Any) -> Any:
    """What a Dense with a kernel of ones and a bias of one gives."""
    return values.sum(axis=1, keepdims=True) + 1


ONES = {"kernel_initializer": "ones", "bias_initializer": "ones", "units": 1}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [{"shared": "dense", "name": "again", "class_name": "Dense", "inputs": "b"}],
            lambda a, b: _shifted(b),
        ),
        (
            [
                {"shared": "dense", "name": "again", "class_name": "Dense", "inputs": "b"},
                {"shared": "dense", "name": "third", "class_name": "Dense", "inputs": "a"},
                {"class_name": "Subtract", "name": "less", "inputs": ["again", "third"]},
            ],
            lambda a, b: _shifted(b) - _shifted(a),
        ),
        (
            [
                {"shared": "dense", "name": "again", "class_name": "Dense", "inputs": "b"},
                {"class_name": "Add", "name": "sum", "inputs": ["again", "dense"]},
            ],
            lambda a, b: _shifted(b) + _shifted(a),
        ),
        (
            [
                {"class_name": "ops.Where", "name": "w", "inputs": ["positive", "a"]}
                | {"kwargs": {"x2": {"layer": "b"}}},
            ],
            lambda a, b: np.where(a > 0, a, b),
        ),
        (
            [
                {"class_name": "ops.Split", "name": "parts", "inputs": "b", "axis": 1}
                | {"indices_or_sections": 2},
                {
                    "class_name": "Identity",
                    "name": "last",
                    "inputs": {"layer": "parts", "output": 1},
                },
            ],
            lambda a, b: b[:, 1:],
        ),
    ],
)
def test_layers_adapt_to_what_shared_layers_and_operations_give(
    lines: list[dict[str, Any]], expected: Any
) -> None:
    stack = {
        "layers": [
            {"class_name": "Input", "name": "a", "shape": [2]},
            {"class_name": "Input", "name": "b", "shape": [2]},
            {"class_name": "Dense", "name": "dense", "inputs": "a", **ONES},
            {"class_name": "ops.Greater", "name": "positive", "inputs": "a", "kwargs": {"x2": 0}},
            *lines,
            {"class_name": "Normalization", "name": "n"},
        ]
    }
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 2)).astype("float32"), rng.normal(size=(50, 2)).astype("float32")
    learned = adapt(stack, {"a": a, "b": b})["layers"][-1]
    wanted = expected(a, b)
    np.testing.assert_allclose(np.ravel(learned["mean"]), wanted.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(np.ravel(learned["variance"]), wanted.var(axis=0), rtol=1e-4)
