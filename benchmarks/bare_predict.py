"""What a user's own script does with a downloaded model: `model(x)` or `model.predict(x)`, warm.

It reads lines such as `predict 256` and prints the median seconds for so many rows.
"""

import sys
import time
from statistics import median

import keras
import numpy as np

_TIMES = 20

network = keras.saving.load_model(sys.argv[1])
ways = {
    "call": lambda x: np.asarray(network(x)),
    "predict": lambda x: network.predict(x, verbose=0),
}
for line in sys.stdin:
    way, rows = line.split()
    x = np.random.default_rng(0).random((int(rows), *network.input_shape[1:]), np.float32)
    ways[way](x)
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        ways[way](x)
        seconds.append(time.perf_counter() - started)
    print(median(seconds), flush=True)
