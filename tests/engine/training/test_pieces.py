"""A batch in pieces is the same step as a whole one."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from engine.stack import build_network
from engine.tasks import train
from engine.training.bound import batch_bound
from tests.engine._port import Recorder
from tests.engine.training import _job

PLAIN = [
    {"class_name": "Input", "name": "input", "shape": [4]},
    {"class_name": "Dense", "name": "hidden", "units": 16, "activation": "relu"},
    {
        **{"class_name": "Dense", "name": "output", "units": 3, "activation": "softmax"},
        "kernel_regularizer": {"class_name": "L2", "l2": 0.01},
    },
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _job.iris(tmp_path_factory.mktemp("iris"))


def trained(
    data: dict[str, Any], out: Path, micro: int | None, **changes: Any
) -> tuple[Recorder, dict[str, Any], list[Any]]:
    port = Recorder()
    request = _job.iris_request(stack={"layers": PLAIN}, **changes)
    # 120 rows: the last batch has 24, and of 16 rows at a time 8 are left.
    request["fit"] |= {"batch_size": 32, "epochs": 4}
    result = train.run(_job.payload(data, request, out, micro_batch=micro), port)
    network = build_network(request["stack"])
    network.load_weights(out / result["files"]["network.weights.h5"])
    return port, result, network.get_weights()


@pytest.mark.parametrize(
    ("optimizer", "micro"),
    [
        ({"class_name": "SGD", "learning_rate": 0.1}, 16),
        ({"class_name": "SGD", "learning_rate": 0.1, "momentum": 0.9, "global_clipnorm": 0.2}, 7),
        ({"class_name": "Adam", "learning_rate": 0.01, "gradient_accumulation_steps": 2}, 1),
    ],
)
def test_pieces_give_the_numbers_of_the_whole(
    data: dict[str, Any], tmp_path: Path, optimizer: dict[str, Any], micro: int
) -> None:
    settings = {"optimizer": optimizer}
    one, whole, expected = trained(data, tmp_path / "whole", None, compile=settings)
    port, result, found = trained(data, tmp_path / "pieces", micro, compile=settings)
    for ours, theirs in zip(port.named("epoch"), one.named("epoch"), strict=True):
        assert ours["logs"] == pytest.approx(theirs["logs"], rel=1e-5)
    for ours, theirs in zip(found, expected, strict=True):
        assert np.allclose(ours, theirs, atol=1e-5)
    assert result["evaluation"]["metrics"] == pytest.approx(
        whole["evaluation"]["metrics"], rel=1e-5
    )
    assert [event["rows_at_once"] for event in port.named("execution")] == [micro]
    assert port.named("started")[0]["batch_bound"] == []


def test_a_checkpoint_of_whole_batches_goes_on_in_pieces(
    data: dict[str, Any], tmp_path: Path
) -> None:
    _, _, expected = trained(data, tmp_path / "whole", None)
    request = _job.iris_request(stack={"layers": PLAIN})
    request["fit"] |= {"batch_size": 32, "epochs": 4}
    first = Recorder(
        lambda events: "handover" if sum(e["event"] == "epoch" for e in events) == 2 else None
    )
    train.run(_job.payload(data, request, tmp_path / "a"), first)
    folder = str(tmp_path / "a" / first.named("checkpoint")[0]["path"])
    second = Recorder()
    made = _job.payload(data, request, tmp_path / "b", resume=folder, micro_batch=8)
    result = train.run(made, second)
    assert [event["epoch"] for event in second.named("epoch")] == [2, 3]
    network = build_network(request["stack"])
    network.load_weights(tmp_path / "b" / result["files"]["network.weights.h5"])
    for ours, theirs in zip(network.get_weights(), expected, strict=True):
        assert np.allclose(ours, theirs, atol=1e-5)


def test_what_ties_the_rows_of_a_batch_together_is_named() -> None:
    inner = keras.Sequential([keras.layers.Input([4]), keras.layers.BatchNormalization(name="bn")])
    network = keras.Sequential([keras.layers.Input([4]), inner, keras.layers.Dense(3)])
    network.compile("sgd", keras.losses.MeanSquaredError(reduction="sum"))
    assert batch_bound(network) == [
        "the layer 'bn' (BatchNormalization)",
        "the loss MeanSquaredError with the reduction 'sum'",
    ]
    inner.trainable = False
    network.compile("sgd", "dice")
    assert batch_bound(network) == ["the loss dice"]
    tokens = keras.Input([None], dtype="int32")
    masked = keras.layers.Embedding(5, 2, mask_zero=True)(tokens)
    words = keras.Model(tokens, keras.layers.LSTM(2, return_sequences=True, name="out")(masked))
    words.compile("sgd", "mse")
    assert batch_bound(words) == ["the mask of the output 'out'"]
