"""What a user's own script does from beginning to end: read, split, train, evaluate, save.

`python benchmarks/plain_job.py network.json data.npz BATCH EPOCHS OUT`
"""

import sys
from pathlib import Path

import keras
import numpy as np

file, data, batch, epochs, out = sys.argv[1:]
keras.utils.set_random_seed(0)
model = keras.models.model_from_json(Path(file).read_text(encoding="utf-8"))
with np.load(data) as arrays:
    x, y = arrays["x"], arrays["y"]
order = np.random.default_rng(0).permutation(len(x))
test, validation, training = np.split(order, [len(x) // 10, 3 * len(x) // 10])
model.compile(keras.optimizers.RMSprop(), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    *(x[training], y[training]),
    batch_size=int(batch),
    epochs=int(epochs),
    validation_data=(x[validation], y[validation]),
    verbose=0,
)
model.evaluate(x[test], y[test], verbose=0)
model.save(out)
