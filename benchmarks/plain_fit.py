"""What a user's own script does: arrays from a file, `fit` with Keras's defaults; prints steps/s.

`python benchmarks/plain_fit.py network.json data.npz BATCH EPOCHS`; the first epoch, which
contains the tracing, is not counted.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np


class Clock(keras.callbacks.Callback):
    """Notes the seconds of every epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        """Start."""
        del epoch, logs
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        """Stop."""
        del epoch, logs
        self.seconds.append(time.perf_counter() - self.began)


file, data, batch, epochs = sys.argv[1:]
keras.utils.set_random_seed(0)
model = keras.models.model_from_json(Path(file).read_text(encoding="utf-8"))
with np.load(data) as arrays:
    x, y = arrays["x"], arrays["y"]
model.compile(keras.optimizers.RMSprop(), "sparse_categorical_crossentropy", metrics=["accuracy"])
clock = Clock()
model.fit(x, y, batch_size=int(batch), epochs=int(epochs), verbose=0, callbacks=[clock])
steps = -(-len(x) // int(batch)) * (int(epochs) - 1)
print(steps / sum(clock.seconds[1:]))
