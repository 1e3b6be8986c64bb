"""How much memory training and evaluation take, estimated from exact counts."""

from math import prod
from typing import Any

import keras

from .layer import Totals, item_bytes

_STAND_IN = (64, 64)


def _bytes(variables: list[Any]) -> int:
    return sum(prod(variable.shape) * item_bytes(str(variable.dtype)) for variable in variables)


def slots(optimizer: Any) -> float:
    """Bytes that an optimizer keeps for each byte of trainable weight.

    Measured: the optimizer is built for one small matrix and what it made is counted. (Building
    it for the real weights would allocate them.)
    """
    matrix = keras.Variable(keras.ops.zeros(_STAND_IN), name="stand_in")
    optimizer.build([matrix])
    made = [variable for variable in optimizer.variables if len(variable.shape) > 0]
    return _bytes(made) / _bytes([matrix])


def estimate(layers: list[Any], totals: Totals, optimizer: Any, batch_size: int) -> dict[str, int]:
    """Bytes for training and for evaluation, the data itself left out.

    Training: weights, a gradient and the optimizer's slots for each trainable one, and for each
    row of the batch every activation once forward and once backward. Evaluation: weights, and
    the largest activation with its successor for each row.
    """
    layers = [layer for layer in layers if isinstance(layer, keras.Layer)]
    held = _bytes(_unique([weight for layer in layers for weight in layer.weights]))
    learned = _bytes(_unique([weight for layer in layers for weight in layer.trainable_weights]))
    train = held + learned + int(learned * slots(optimizer))
    return {
        "train_bytes": train + 2 * batch_size * totals.activation_bytes,
        "evaluate_bytes": held + 2 * batch_size * totals.largest_bytes,
    }


def _unique(variables: list[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())
