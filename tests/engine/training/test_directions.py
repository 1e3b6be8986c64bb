"""Whether more of a metric is better."""

import keras
import numpy as np

from engine.training.directions import modes


def test_a_metric_says_it_itself_whatever_it_is_called() -> None:
    inputs = keras.Input([4])
    a = keras.layers.Dense(1, activation="sigmoid", name="a")(inputs)
    b = keras.layers.Dense(1, name="b_accuracy")(inputs)
    network = keras.Model(inputs, {"a": a, "b_accuracy": b})
    network.compile(
        loss={"a": "bce", "b_accuracy": "mse"},
        metrics={
            "a": [keras.metrics.AUC(name="quality"), "accuracy", keras.metrics.TruePositives()],
            "b_accuracy": ["mae"],
        },
    )
    x, y = np.zeros((4, 4)), np.array([[0], [1], [0], [1]])
    history = network.fit(x, {"a": y, "b_accuracy": y}, validation_split=0.5, verbose=0).history
    assert modes(network, history) == {
        "loss": "min",
        "a_loss": "min",
        "a_quality": "max",
        "a_accuracy": "max",
        "b_accuracy_loss": "min",
        "b_accuracy_mae": "min",
        "val_loss": "min",
        "val_a_loss": "min",
        "val_a_quality": "max",
        "val_a_accuracy": "max",
        "val_b_accuracy_loss": "min",
        "val_b_accuracy_mae": "min",
    }
