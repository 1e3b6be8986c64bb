"""The limit of what graphs can do: an epoch over tensors in memory as one graph; prints steps/s.

`python benchmarks/graph_epoch.py network.json data.npz BATCH EPOCHS`. No progress, no callbacks, no
validation and no way to stop within an epoch; the first epoch, which contains the tracing, is not
counted.
"""

import sys
import time
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

file, data, size, epochs = sys.argv[1:]
batch = int(size)
keras.utils.set_random_seed(0)
model = keras.models.model_from_json(Path(file).read_text(encoding="utf-8"))
with np.load(data) as arrays:
    x, y = tf.constant(arrays["x"]), tf.constant(arrays["y"])
model.compile(keras.optimizers.RMSprop(), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.train_on_batch(x[:batch], y[:batch])  # makes all variables
steps = -(-len(x) // batch)


@tf.function  # type: ignore[untyped-decorator]
def epoch(order: tf.Tensor) -> None:
    """All batches in this order of rows."""
    for step in tf.range(steps):
        rows = order[step * batch : (step + 1) * batch]
        model.train_step((tf.gather(x, rows), tf.gather(y, rows)))


seconds = []
for _ in range(int(epochs)):
    shuffled = tf.constant(np.random.permutation(len(x)))
    began = time.perf_counter()
    epoch(shuffled)
    seconds.append(time.perf_counter() - began)
print(steps * (int(epochs) - 1) / sum(seconds[1:]))
