"""The reported history is Keras's own, number for number."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.dataset.canonical import Dataset
from engine.stack import build_network
from engine.tasks import train
from engine.training.feed import permutation
from tests.engine._port import Recorder
from tests.engine.training import _job


def keras_history(
    data: dict[str, Any], request: dict[str, Any], parts: Any, callbacks: Any = None
) -> Any:
    """What plain Keras gives: arrays prepared by hand, one tf.data pipeline written out."""
    dataset = Dataset(Path(data["data"]))
    training, validation = parts
    x = np.stack([dataset.values(name) for name in _job.IRIS_COLUMNS], axis=1)
    x = (x - x[training].mean(axis=0)) / x[training].std(axis=0)
    x = x.astype(np.float32)
    y = np.unique(dataset.values("species"), return_inverse=True)[1].astype(np.int32)
    fit = request["fit"]

    def rows() -> Any:
        for order in orders:
            for start in range(0, len(order), fit["batch_size"]):
                yield order[start : start + fit["batch_size"]]

    orders = [permutation(len(training), fit["seed"], epoch) for epoch in range(fit["epochs"])]
    keras.utils.set_random_seed(fit["seed"])
    network = build_network(request["stack"])
    network.compile(
        keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    steps = -(-len(training) // fit["batch_size"])
    everything = tf.data.Dataset.from_generator(
        rows, output_signature=tf.TensorSpec([None], tf.int64)
    ).map(lambda chosen: (tf.gather(x[training], chosen), tf.gather(y[training], chosen)))
    held = tf.data.Dataset.from_tensor_slices((x[validation], y[validation]))
    history = network.fit(
        everything.repeat(),
        steps_per_epoch=steps,
        epochs=fit["epochs"],
        validation_data=held.batch(fit["batch_size"]),
        verbose=0,
        shuffle=False,
        callbacks=callbacks,
    )
    return history.history, network.get_weights()


def test_uninterrupted_history_and_weights_are_those_of_keras(tmp_path: Path) -> None:
    from engine.training.parts import divide

    data = _job.iris(tmp_path)
    request = _job.iris_request()
    port = Recorder()
    payload = _job.payload(data, request, tmp_path / "out")
    result = train.run(payload, port)
    division = divide(payload, ["species"])
    parts = (division.parts["training"].rows, division.parts["validation"].rows)
    expected, weights = keras_history(data, request, parts)
    epochs = port.named("epoch")
    assert [event["epoch"] for event in epochs] == list(range(6))
    found = {key: [event["logs"][key] for event in epochs] for key in epochs[0]["logs"]}
    assert list(found) == list(expected)
    assert found == expected
    network = build_network(request["stack"])
    network.load_weights(tmp_path / "out" / result["files"]["network.weights.h5"])
    for ours, theirs in zip(network.get_weights(), weights, strict=True):
        assert np.array_equal(ours, theirs)
    assert result["evaluation"]["part"] == "validation"
    assert result["evaluation"]["rows"] == 30
    last = {key.removeprefix("val_"): values[-1] for key, values in found.items() if "val_" in key}
    assert result["evaluation"]["metrics"] == pytest.approx(last)


def test_events_and_result_of_a_run(tmp_path: Path) -> None:
    port = Recorder()
    request = _job.iris_request(
        data={"split": {"by": "stratified", "validation": 0.2, "test": 0.1}}
    )
    payload = _job.payload(_job.iris(tmp_path), request, tmp_path / "out", checkpoint_seconds=0)
    result = train.run(payload, port)
    kinds = [event["event"] for event in port.events]
    assert kinds[:3] == ["encoded", "started", "execution"]
    assert set(kinds[3:]) == {"progress", "epoch", "checkpoint", "advice"}
    told = {one["rule"] for one in port.named("advice")}
    assert told == {"noisy-validation", "still-improving"}, "thirty rows, six epochs"
    started = port.events[1]
    assert started["rows"] == {"training": 105, "validation": 30, "test": 15}
    assert started["steps_per_epoch"] == 7
    assert started["parameters"] == {"total": 131, "trainable": 131, "frozen": 0}
    first = port.named("progress")[0]
    assert first["epoch"] == 0
    assert 1 <= first["step"] <= 7
    assert set(first["logs"]) == {"loss", "accuracy"}
    assert kinds.index("progress") < kinds.index("epoch")
    assert [event["epoch"] for event in port.named("checkpoint")] == [0, 1, 2, 3, 4]
    kept = sorted((tmp_path / "out" / "checkpoints").iterdir())
    assert [folder.name[:12] for folder in kept] == ["epoch-000004", "epoch-000005"]
    assert result["outcome"] == "finished"
    assert result["stop_reason"] is None
    assert result["evaluation"]["part"] == "test"
    assert result["epochs_completed"] == 6
    assert "hidden (Dense)" in result["summary"]
    for path in result["files"].values():
        assert (tmp_path / "out" / path).stat().st_size > 0
    assert (
        keras.saving.load_model(tmp_path / "out" / "model" / "network.keras").count_params() == 131
    )


def test_progress_goes_on_while_an_epoch_is_validated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And tells of the steps that were made, not of the rows that are looked at meanwhile."""
    monkeypatch.setattr("engine.training.reporter._PROGRESS_SECONDS", 0)
    port = Recorder()
    request = _job.iris_request(
        data={"split": {"by": "stratified", "validation": 0.5}},
        compile={"steps_per_execution": 2},
        fit={"epochs": 2},
    )
    train.run(_job.payload(_job.iris(tmp_path), request, tmp_path / "out"), port)
    epochs = port.named("epoch")
    for epoch, done in enumerate(epochs):
        told = [one for one in port.named("progress") if one["epoch"] == epoch]
        assert [(one["step"], one["validated"]) for one in told] == [
            *[(2, None), (4, None)],
            *[(5, 0), (5, 0), (5, 1 / 3), (5, 2 / 3), (5, 1)],
        ]
        for one in told[2:]:
            assert one["logs"] == {key: done["logs"][key] for key in ("loss", "accuracy")}
        assert "val_loss" in done["logs"]


def test_a_small_convolution_learns_digits(tmp_path: Path) -> None:
    request = {
        "data": {
            "target": "label",
            "inputs": {"input": {"columns": ["image"], "encoding": [_job.RAW]}},
            "split": {"by": "stratified", "validation": 0.2, "test": 0.1},
        },
        "stack": {
            "layers": [
                {"class_name": "Input", "name": "input", "shape": [8, 8, 1]},
                {"class_name": "Conv2D", "name": "c", "filters": 16, "kernel_size": 3,
                 "activation": "relu"},
                {"class_name": "Flatten", "name": "f"},
                {"class_name": "Dense", "name": "output", "units": 10, "activation": "softmax"},
            ]
        },
        "compile": {
            "optimizer": {"class_name": "Adam", "learning_rate": 0.003},
            "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy"],
        },
        "fit": {"epochs": 8, "batch_size": 32, "seed": 1, "class_weight": "balanced"},
    }  # fmt: skip
    port = Recorder()
    payload = _job.payload(_job.digits(tmp_path), request, tmp_path / "out")
    result = train.run(payload, port)
    assert result["evaluation"]["metrics"]["accuracy"] > 0.93
    assert result["evaluation"]["rows"] == 180
