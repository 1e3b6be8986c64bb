"""Floating point operations of a layer for one row, forward; a multiply-add counts as two.

Counted are the products with weights, as in Keras's own definition of these layers; biases and
activations are left out, being small beside them.
"""

from math import prod
from typing import Any

import keras

Shape = tuple[int | None, ...]


def _size(shape: Shape) -> int | None:
    """The number of elements of these axes, None when one is unknown."""
    known = [axis for axis in shape if axis is not None]
    return prod(known) if len(known) == len(shape) else None


def _positions(layer: Any, shape: Shape) -> int | None:
    """The number of spatial positions of a batch of a convolution's input or output."""
    spatial = shape[2:] if layer.data_format == "channels_first" else shape[1:-1]
    return _size(spatial)


def _dense(layer: Any, given: Shape, result: Shape) -> int | None:
    del result
    positions = _size(given[1:-1])
    return None if positions is None else 2 * positions * prod(layer.kernel.shape)


def _convolution(layer: Any, given: Shape, result: Shape) -> int | None:
    transposed = "Transpose" in type(layer).__name__
    positions = _positions(layer, given if transposed else result)
    return None if positions is None else 2 * positions * prod(layer.kernel.shape)


def _separable(layer: Any, given: Shape, result: Shape) -> int | None:
    del given
    positions = _positions(layer, result)
    weights = prod(layer.depthwise_kernel.shape) + prod(layer.pointwise_kernel.shape)
    return None if positions is None else 2 * positions * weights


def _recurrent(layer: Any, given: Shape, result: Shape) -> int | None:
    del result
    steps = given[1]
    weights = prod(layer.cell.kernel.shape) + prod(layer.cell.recurrent_kernel.shape)
    return None if steps is None else 2 * steps * weights


def _bidirectional(layer: Any, given: Shape, result: Shape) -> int | None:
    one = flops(layer.forward_layer, given, result)
    other = flops(layer.backward_layer, given, result)
    return None if one is None or other is None else one + other


def _time_distributed(layer: Any, given: Shape, result: Shape) -> int | None:
    steps = given[1]
    one = flops(layer.layer, (given[0], *given[2:]), (result[0], *result[2:]))
    return None if one is None or steps is None else one * steps


_RULES: dict[str, Any] = {
    "Dense": _dense,
    "Bidirectional": _bidirectional,
    "TimeDistributed": _time_distributed,
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN"), _recurrent),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _separable),
    **{f"Conv{rank}D": _convolution for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": _convolution for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": _convolution for rank in (1, 2)},
}


def flops(layer: Any, given: Shape, result: Shape) -> int | None:
    """Operations for one row; shapes with the batch axis. None where no rule or size is known."""
    rule = _RULES.get(type(layer).__name__)
    if rule is None or not layer.built or not isinstance(layer, keras.layers.Layer):
        return None
    count: int | None = rule(layer, given, result)
    return count
