"""What a user's own script does: make twenty layers, call them; a time for each line it reads."""

import sys
import time

import keras


def build() -> keras.Model:
    """The network of `benchmarks/building.py`."""
    inputs = keras.Input((32, 32, 3))
    x = inputs
    for _ in range(5):
        x = keras.layers.Conv2D(16, 3, padding="same")(x)
        x = keras.layers.BatchNormalization()(x)
        x = keras.layers.ReLU()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(64, activation="relu")(x)
    x = keras.layers.Dropout(0.3)(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    return keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(x))


for _ in sys.stdin:
    keras.backend.clear_session()
    started = time.perf_counter()
    build()
    print(time.perf_counter() - started, flush=True)
