"""What would break a training is found before it begins, and the numbers stay as they are."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.faults import Fault
from engine.stack import build_network
from engine.tasks import train
from engine.training import canary, checkpoint, snapshot
from engine.training.compilation import compile_network
from engine.training.feed import Order, batches
from engine.training.tensors import Tensors
from tests.engine._port import Recorder
from tests.engine.training import _job

ROWS = 30
INDICES = np.arange(ROWS * 2, dtype=np.int32).reshape(ROWS, 2) % 10
NUMBERS = np.linspace(-1, 1, ROWS * 2, dtype=np.float32).reshape(ROWS, 2)


def changed(values: Any, row: int, value: float) -> Any:
    copy = values.copy()
    copy[row] = value
    return copy


def request(layers: list[dict[str, Any]], loss: Any, shape: list[int]) -> dict[str, Any]:
    entry = {"class_name": "Input", "name": "input", "shape": shape}
    if layers[0]["class_name"] == "Embedding":
        entry["dtype"] = "int32"
    return _job.iris_request(
        data={
            "target": "y",
            "inputs": {"input": {"columns": ["x"], "encoding": [_job.RAW]}},
            "split": {"by": "random", "validation": 0.2, "test": 0.0},
        },
        stack={"layers": [entry, *layers]},
        compile={"loss": loss, "metrics": []},
        fit={"epochs": 1, "batch_size": 4},
    )


def dense(units: int, activation: str | None = None) -> list[dict[str, Any]]:
    layer = {"class_name": "Dense", "name": "output", "units": units, "activation": activation}
    return [layer]


EMBEDDING = [
    {"class_name": "Embedding", "name": "e", "input_dim": 10, "output_dim": 2},
    {"class_name": "Flatten", "name": "f"},
    *dense(1),
]
GIVEN = {"class_name": "Embedding", "name": "e", "config": {"input_dim": 10, "output_dim": 2}}
Y = np.linspace(0, 1, ROWS, dtype=np.float32)[:, None]


@pytest.mark.parametrize(
    ("x", "y", "layers", "loss", "code", "pointer"),
    [
        (changed(NUMBERS, 3, np.inf), Y, dense(1), "mse", "data-error", "/data/inputs/input"),
        (changed(NUMBERS, 3, np.nan), Y, dense(1), "mse", "data-error", "/data/inputs/input"),
        (NUMBERS, changed(Y, 7, np.inf), dense(1), "mse", "data-error", "/data/target"),
        (NUMBERS, changed(Y, 7, 1.5), dense(1, "sigmoid"), "binary_crossentropy", "data-error",
         "/data/target"),
        (NUMBERS, changed(Y, 7, -0.5), dense(1, "relu"), "poisson", "data-error", "/data/target"),
        (NUMBERS, INDICES[:, 1:], dense(9, "softmax"), "sparse_categorical_crossentropy",
         "data-error", "/data/target"),
        (changed(INDICES, 5, -1), Y, EMBEDDING, "mse", "data-error", "/data/inputs/input"),
        (changed(INDICES, 5, 10), Y, EMBEDDING, "mse", "canary-failed",
         "/stack/layers/1/input_dim"),
        (changed(INDICES, 5, 10), Y, [GIVEN, *EMBEDDING[1:]], "mse", "canary-failed",
         "/stack/layers/1/config/input_dim"),
    ],
)  # fmt: skip
def test_values_out_of_range_are_found_wherever_they_are(
    x: Any, y: Any, layers: Any, loss: str, code: str, pointer: str, tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, x=x, y=y)
    data = _job.stored(tmp_path, buffer.getvalue())
    payload = _job.payload(data, request(layers, loss, [2]), tmp_path / "out")
    with pytest.raises(Fault) as caught:
        train.run(payload, Recorder())
    found = caught.value.to_json()
    assert (found["code"], found["errors"][0]["pointer"]) == (code, pointer)
    if code == "canary-failed":
        assert found["errors"][0]["fix"] == [{"op": "replace", "path": pointer, "value": 11}]


def prepared(
    layers: list[dict[str, Any]], loss: Any = "mse", x: Any = NUMBERS, y: Any = Y
) -> tuple[Any, Any, list[str]]:
    """A compiled network, its batches, the names of its layers."""
    stack = request(layers, loss, [2])["stack"]
    network = build_network(stack)
    compile_network(network, {"optimizer": {"class_name": "SGD"}, "loss": loss})
    tensors = Tensors({"input": x}, {"output": y}, {})
    data = batches(tensors, 4, Order(ROWS, 0, False))
    return network, data, [layer["name"] for layer in stack["layers"]]


@pytest.mark.parametrize(
    ("layers", "x", "y", "loss", "code", "pointer"),
    [
        # The logarithm of a negative number, which Keras's loss does not clip.
        ([{"class_name": "Rescaling", "name": "r", "scale": 1e38}, *dense(1)], NUMBERS * 1e3, Y,
         "mse", "canary-failed", "/compile/loss"),
        # A loss for class numbers that is given pairs.
        (dense(3, "softmax"), NUMBERS, np.zeros((ROWS, 2), np.int32),
         "sparse_categorical_crossentropy", "canary-failed", "/stack"),
        # An index that only a layer before the Embedding makes.
        ([{"class_name": "Rescaling", "name": "r", "scale": 100.0}, *EMBEDDING], NUMBERS, Y,
         "mse", "data-error", "/stack/layers/2"),
    ],
)  # fmt: skip
def test_a_step_that_fails_points_at_its_layer(
    layers: Any, x: Any, y: Any, loss: Any, code: str, pointer: str, tmp_path: Path
) -> None:
    network, data, names = prepared(layers, loss, x.astype(np.float32), y)
    with pytest.raises(Fault) as caught:
        canary.rehearse(network, data, None, names, tmp_path, Recorder())
    found = caught.value.to_json()
    assert (found["code"], found["errors"][0]["pointer"]) == (code, pointer)


def test_weights_that_the_first_step_spoils_are_told_by_layer(tmp_path: Path) -> None:
    layers = [{"class_name": "Dense", "name": "h", "units": 2, "activation": "relu"}, *dense(1)]
    network, data, names = prepared(layers)
    network.optimizer.learning_rate = np.inf
    with pytest.raises(Fault, match="'h' NaN or infinite") as caught:
        canary.rehearse(network, data, None, names, tmp_path, Recorder())
    assert caught.value.items[0].pointer == "/stack/layers/1"


def test_everything_is_put_back_and_nothing_is_traced_twice(tmp_path: Path) -> None:
    layers = [
        {"class_name": "BatchNormalization", "name": "norm"},
        {"class_name": "Dropout", "name": "drop", "rate": 0.5},
        *dense(1),
    ]
    network, data, names = prepared(layers)
    before = snapshot.take(network, [], 0, 0)
    calls = []
    step = network.train_step
    network.train_step = lambda batch: calls.append(1) or step(batch)
    canary.rehearse(network, data, data, names, tmp_path, Recorder())
    after = snapshot.take(network, [], 0, 0)
    assert len(before.variables) > 6
    for ours, theirs in zip(before.variables, after.variables, strict=True):
        assert np.array_equal(ours, theirs)
    assert list(tmp_path.iterdir()) == []
    traced = len(calls)
    assert traced >= 1
    network.fit(data, epochs=2, shuffle=False, verbose=0)
    assert len(calls) == traced


def test_a_checkpoint_that_cannot_be_read_back_stops_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, data, names = prepared(dense(1))
    whole = checkpoint.write

    def torn(out: Path, taken: snapshot.Snapshot) -> Path:
        folder = whole(out, taken)
        (folder / "arrays.bin").write_bytes(b"")
        return folder

    monkeypatch.setattr(checkpoint, "write", torn)
    with pytest.raises(checkpoint.DamagedCheckpoint):
        canary.rehearse(network, data, None, names, tmp_path, Recorder())
