"""How large the gradients of recurrent layers are, and how far back in time they reach.

Measured after an epoch on one batch, in inference mode: weights, seeds and running statistics
stay as they are, and the numbers of the training do not know of it.
"""

import time
from typing import Any

import keras
import numpy as np

from engine.training.tensors import Tensors

_ROWS = 64
_SHARE = 0.05
_EARLY = 10


class Probe:
    """The probe of a compiled network; `wanted` tells whether there is anything to measure."""

    def __init__(self, network: Any, training: Tensors, most: int | None = None) -> None:
        self._network = network
        self._layers = [layer for layer in network.layers if _is_recurrent(layer)]
        self._batch = _batch(training, network, min(most or _ROWS, _ROWS))
        self._spent, self._began = 0.0, time.monotonic()
        self._step: Any = None

    @property
    def wanted(self) -> bool:
        """Whether the network has recurrent layers, and the measuring costs little so far."""
        allowed = _SHARE * (time.monotonic() - self._began)
        return bool(self._layers) and (self._step is None or self._spent <= allowed)

    def measure(self) -> dict[str, float]:
        """By layer name the norm of the gradient of its weights; as `name/reach` the mean norm at
        the first tenth of its input's steps over the largest at any step.
        """
        if self._step is None:  # to trace it takes its time once, whatever comes after
            self._step = _compiled(self._network, self._layers)
            self._step(*self._batch)
        began = time.monotonic()
        norms, steps = self._step(*self._batch)
        found = {}
        for layer, norm, along in zip(self._layers, norms, steps, strict=True):
            found[layer.name] = float(norm)
            values = np.asarray(along)
            if len(values) >= 2 * _EARLY and 0 < values.max() < np.inf:
                early = values[: max(1, len(values) // _EARLY)].mean()
                found[f"{layer.name}/reach"] = float(early / values.max())
        self._spent += time.monotonic() - began
        return found


def _is_recurrent(layer: Any) -> bool:
    recurrent = isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)
    # One that is called several times has several inputs; which is meant is not known.
    return recurrent and len(layer._inbound_nodes) == 1


def _batch(training: Tensors, network: Any, rows: int) -> tuple[Any, Any]:
    x = {name: np.asarray(values[:rows]) for name, values in training.x.items()}
    y = {name: values[:rows] for name, values in training.y.items()}
    several = len(network.output_names) > 1
    return (x if len(x) > 1 else next(iter(x.values()))), (y if several else next(iter(y.values())))


def _compiled(network: Any, layers: list[Any]) -> Any:
    import tensorflow as tf

    # Masks and first states come as further inputs; the sequence is the first.
    sequences = [keras.tree.flatten(layer.input)[0] for layer in layers]
    taps = keras.Model(network.input, {"taps": sequences, "y": network.output})

    @tf.function  # type: ignore[untyped-decorator]
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch([one for one in tf.nest.flatten(x) if one.dtype.is_floating])
            found = taps(x, training=False)
            loss = network.compute_loss(x=x, y=y, y_pred=found["y"], training=False)
        weights = [[weight.value for weight in layer.trainable_weights] for layer in layers]
        wanted = [weights, tf.nest.flatten(found["taps"])]
        gradients, inputs = tape.gradient(loss, wanted)
        norms = [tf.linalg.global_norm(one) for one in gradients]
        return norms, [_along(one) for one in inputs]

    return step


def _along(gradient: Any) -> Any:
    """The norm at each step of time, over the batch and the features; nothing where unknown."""
    import tensorflow as tf

    if gradient is None:
        return tf.zeros([0])
    others = [axis for axis in range(len(gradient.shape)) if axis != 1]
    return tf.sqrt(tf.reduce_sum(tf.square(tf.convert_to_tensor(gradient)), axis=others))
