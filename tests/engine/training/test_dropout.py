"""Dropout: the average is the same in training and in testing, and nothing is dropped then."""

from pathlib import Path

import numpy as np

from engine.prediction.predictor import Predictor
from engine.tasks import train
from tests.engine._port import Recorder
from tests.engine.training import _job


def test_a_trained_model_predicts_the_mean_of_its_training_passes(tmp_path: Path) -> None:
    layers = [
        {"class_name": "Input", "name": "input", "shape": [4]},
        {"class_name": "Dense", "name": "hidden", "units": 32, "activation": "relu"},
        {"class_name": "Dropout", "name": "dropout", "rate": 0.5},
        {"class_name": "Dense", "name": "output", "units": 3},
    ]
    loss = {"class_name": "SparseCategoricalCrossentropy", "from_logits": True}
    request = _job.iris_request(stack={"layers": layers}, compile={"loss": loss})
    train.run(_job.payload(_job.iris(tmp_path / "iris"), request, tmp_path / "out"), Recorder())
    network = Predictor(tmp_path / "out" / "model").network
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("f4")
    tested = np.asarray(network(x, training=False))
    assert np.array_equal(tested, np.asarray(network(x, training=False))), "nothing is dropped"
    passes = np.asarray(network(np.tile(x, (2000, 1)), training=True)).reshape(2000, 5, 3)
    assert passes.std(axis=0).max() > 0.1, "in training something is"
    error = passes.std(axis=0, ddof=1) / np.sqrt(len(passes))
    assert (np.abs(passes.mean(axis=0) - tested) < 5 * error + 1e-6).all()
