"""What a user's own script does: read a CSV, build, compile, fit. Prints when step one is done.

`python benchmarks/plain_keras.py data.csv`
"""

import sys
import time

import keras
import numpy as np


class FirstStep(keras.callbacks.Callback):
    """Notes the end of the first training step."""

    at: float | None = None

    def on_train_batch_end(self, batch: int, logs: object = None) -> None:
        """Keras passes both by name."""
        del batch, logs
        if self.at is None:
            self.at = time.time()


def main() -> None:
    """Train the tiny network for one epoch."""
    table = np.genfromtxt(sys.argv[1], delimiter=",", skip_header=1, dtype=None, encoding="utf8")
    x = np.array([list(row)[:-1] for row in table], dtype="float32")
    names = sorted({row[-1] for row in table.tolist()})
    y = np.array([names.index(row[-1]) for row in table.tolist()])
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    network = keras.Sequential(
        [
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dense(len(names), activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    first = FirstStep()
    network.fit(x, y, batch_size=32, epochs=1, callbacks=[first], verbose=0)
    print(f"{first.at:.6f}")


main()
