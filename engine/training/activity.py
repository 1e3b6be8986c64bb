"""How many units of ReLU layers nothing wakes any more.

Looked at on some rows of the training part in inference mode: nothing of the training changes.
"""

from typing import Any

import keras
import numpy as np

from engine.dataset.content import Array
from engine.training.tensors import Tensors

_LEAST, _MOST = 32, 128
_BYTES = 1 << 24


class Activity:
    """The ReLU layers of a network; `measure` runs it once, operation by operation."""

    def __init__(self, network: Any, training: Tensors, most: int | None = None) -> None:
        self._most = min(most or _MOST, _MOST)
        self._training, self._network = training, network
        self.layers = [layer for layer in network.layers if _is_relu(layer)]
        self._taps: Any = None

    def rows(self, budget: float) -> int:
        """How many rows to look at when no more than `budget` may be; 0 when that is too few."""
        size = sum(values.nbytes for values in self._training.x.values())
        each = size / max(1, self._training.rows)
        most = int(min(self._most, budget, self._training.rows, _BYTES / max(1.0, each)))
        return most if self.layers and most >= min(_LEAST, self._training.rows) else 0

    def measure(self, rows: int) -> dict[str, float]:
        """By layer the share of its units (channels) that are 0 on all of `rows` rows."""
        if self._taps is None:
            self._taps = keras.Model(self._network.input, [layer.output for layer in self.layers])
        step = max(1, self._training.rows // rows)
        chosen = np.arange(0, self._training.rows, step)[:rows]
        x = {name: _tensor(values[chosen]) for name, values in self._training.x.items()}
        outputs = self._taps(x if len(x) > 1 else next(iter(x.values())), training=False)
        found = outputs if isinstance(outputs, list) else [outputs]
        return {
            layer.name: _silent(np.asarray(values))
            for layer, values in zip(self.layers, found, strict=True)
        }


def _silent(values: Array) -> float:
    units = values.reshape(-1, values.shape[-1])
    return float((units <= 0).all(axis=0).mean())


def _is_relu(layer: Any) -> bool:
    """A hidden layer of the network itself with a plain ReLU, called once."""
    if len(layer._inbound_nodes) != 1 or len(getattr(layer.output, "shape", ())) < 2:
        return False
    if type(layer) is keras.layers.ReLU:
        return not layer.negative_slope and not layer.threshold
    return getattr(layer, "activation", None) is keras.activations.relu


def _tensor(values: Array) -> Any:
    if values.dtype != object:
        return values
    import tensorflow as tf

    return tf.constant(values)
