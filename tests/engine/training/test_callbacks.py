"""Callbacks of our own do what Keras's of the same name do, number for number."""

import math
from pathlib import Path
from typing import Any

import keras
import pytest

from engine.stack import build_network, build_object
from engine.tasks import train
from engine.training.parts import divide
from tests.engine._port import Recorder
from tests.engine.training import _job
from tests.engine.training.test_history import keras_history

COSINE = {"class_name": "CosineDecay", "initial_learning_rate": 0.05, "decay_steps": 6}
_SCHEDULES: list[tuple[Any, Any]] = [
    (COSINE, lambda epoch, rate: 0.05 * 0.5 * (1 + math.cos(math.pi * epoch / 6))),
    ([0.1, 0.01, 0.02], lambda epoch, rate: [0.1, 0.01, 0.02][min(epoch, 2)]),
    ({"2": 0.5, "4": 0.25}, lambda epoch, rate: rate if epoch < 2 else 0.5 if epoch < 4 else 0.25),
]


@pytest.mark.parametrize(("schedule", "expected"), _SCHEDULES)
def test_rates_by_epoch(schedule: Any, expected: Any) -> None:
    ours = build_object("callbacks", {"class_name": "LearningRateScheduler", "schedule": schedule})
    for epoch in range(6):
        assert ours.schedule(epoch, 0.7) == pytest.approx(expected(epoch, 0.7), rel=1e-5)


def test_the_numbers_are_those_of_keras(tmp_path: Path) -> None:
    data = _job.iris(tmp_path / "data")
    request = _job.iris_request(
        callbacks=[
            {"class_name": "LearningRateScheduler", "schedule": COSINE},
            {"class_name": "ModelCheckpoint", "every": 2, "keep": 2},
        ]
    )
    port = Recorder()
    payload = _job.payload(data, request, tmp_path / "out")
    result = train.run(payload, port)

    kept: dict[int, Any] = {}
    rows = divide(payload, ["species"]).parts
    history, last = keras_history(
        data,
        request,
        (rows["training"].rows, rows["validation"].rows),
        [
            keras.callbacks.LearningRateScheduler(_SCHEDULES[0][1]),
            _Keeping(kept),
        ],
    )
    epochs = port.named("epoch")
    for name, values in history.items():
        found = [event["logs"][name] for event in epochs]
        assert found == pytest.approx(values, rel=1e-4), name

    model = tmp_path / "out" / "model"
    losses = history["val_loss"]
    best = losses.index(min(losses))
    names = {f"best-{best:06d}": best, "epoch-000003": 3, "epoch-000005": 5, "last-000005": 5}
    assert {path.name for path in model.glob("*-*.weights.h5")} == {
        f"{name}.weights.h5" for name in names
    }
    assert set(result["files"]) == {path.name for path in model.iterdir()}
    network = build_network(request["stack"])
    for name, epoch in names.items():
        network.load_weights(model / f"{name}.weights.h5")
        for ours, theirs in zip(network.get_weights(), kept[epoch], strict=True):
            assert ours == pytest.approx(theirs, abs=1e-5), name
    assert len(last) == len(kept[5])


class _Keeping(keras.callbacks.Callback):  # type: ignore[misc]
    """Holds the weights of every epoch."""

    def __init__(self, kept: dict[int, Any]) -> None:
        super().__init__()
        self._kept = kept

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """A copy of the weights."""
        del logs
        self._kept[epoch] = self.model.get_weights()


def test_the_last_epoch_is_kept_before_the_best_is_put_back(tmp_path: Path) -> None:
    request = _job.iris_request(
        fit={"epochs": 30},
        compile={"optimizer": {"class_name": "SGD", "learning_rate": 3.0}},
        callbacks=[
            {
                "class_name": "EarlyStopping",
                "monitor": "val_loss",
                "patience": 2,
                "restore_best_weights": True,
            },
            {"class_name": "ModelCheckpoint", "every": 100},
            {"class_name": "ModelCheckpoint", "save_best_only": True, "monitor": "val_accuracy"},
        ],
    )
    port = Recorder()
    result = train.run(_job.payload(_job.iris(tmp_path), request, tmp_path / "out"), port)
    assert result["stop_reason"] == "early-stopping"
    losses = [event["logs"]["val_loss"] for event in port.named("epoch")]
    (last,) = (tmp_path / "out" / "model").glob("last-*")
    assert int(last.name[5:11]) == len(losses) - 1
    network = build_network(request["stack"])
    network.load_weights(last)
    final = keras.models.load_model(tmp_path / "out" / "model" / "network.keras")
    same = [
        (one == other).all()
        for one, other in zip(network.get_weights(), final.get_weights(), strict=True)
    ]
    assert not all(same)
