"""What layers hold in training beside their outputs, forward and backward, for one row.

A recurrent layer keeps its gates at every step, attention its projections and its scores. How
many values a recurrent cell keeps for each unit and step was measured with TensorFlow 2.21 on a
CPU (its loop stores them in tensor lists, forward and backward); the rest is counted.
"""

from collections.abc import Callable
from math import prod
from typing import Any

Shape = tuple[int | None, ...]

_KEPT_PER_UNIT = {"LSTM": 12, "GRU": 14, "SimpleRNN": 5}


def workspace(layer: Any, given: Shape, result: Shape) -> int:
    """Values held for one row; shapes with the batch axis. 0 where nothing is known."""
    rule = _RULES.get(type(layer).__name__)
    return rule(layer, given, result) if rule and None not in given[1:] else 0


def _recurrent(layer: Any, given: Shape, result: Shape) -> int:
    del result
    return (given[1] or 0) * int(layer.units) * _KEPT_PER_UNIT[type(layer).__name__]


def _bidirectional(layer: Any, given: Shape, result: Shape) -> int:
    halves = (layer.forward_layer, layer.backward_layer)
    return sum(workspace(half, given, result) for half in halves)


def _multi_head(layer: Any, given: Shape, result: Shape) -> int:
    """Queries, keys, values and their sums; scores before and after the softmax; gradients."""
    del result
    steps = prod(size or 1 for size in given[1:-1])
    heads = int(getattr(layer, "num_heads", None) or layer.num_query_heads)
    width = int(getattr(layer, "key_dim", None) or layer.head_dim)
    return 2 * (4 * steps * heads * width + 2 * heads * steps * steps)


def _dot(layer: Any, given: Shape, result: Shape) -> int:
    del layer, result
    steps = prod(size or 1 for size in given[1:-1])
    return 4 * steps * steps


_RULES: dict[str, Callable[[Any, Shape, Shape], int]] = {
    **dict.fromkeys(_KEPT_PER_UNIT, _recurrent),
    "Bidirectional": _bidirectional,
    **dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention"), _multi_head),
    **dict.fromkeys(("Attention", "AdditiveAttention"), _dot),
}
