"""Batches of data that lies on disk: gathered for many steps at a time, ahead of their use.

The rows of a chunk are read in the order in which they lie in the file and then put into the order
of the epoch, so that the batches hold what they would hold had all been in memory.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.arrays import room
from engine.dataset.content import Array
from engine.training.feed import Order, arranged
from engine.training.tensors import Tensors, Values


def is_large(tensors: Tensors) -> bool:
    """Whether a part is too large to be held in memory."""
    groups = (tensors.x, tensors.y, tensors.weights)
    return sum(values.nbytes for group in groups for values in group.values()) > room.HELD_BYTES


class Stream:
    """The batches of a part in their order, or in that of `order`, a chunk of them at a time."""

    def __init__(self, tensors: Tensors, batch: int, order: Order | None) -> None:
        import tensorflow as tf

        self._arrays = arranged(tensors)
        self._flat: list[Values] = tf.nest.flatten(self._arrays)
        self._rows, self._batch, self._order = tensors.rows, batch, order
        row = sum(
            max(1, values.size // len(values)) * values.dtype.itemsize for values in self._flat
        )
        self.most = max(1, room.CHUNK_BYTES // max(1, row * batch))
        """The steps of a chunk at most."""

    def chunks(self, numbers: Any) -> Any:
        """A tf.data.Dataset of ((first, end), chunk) from one of (first, end) step numbers."""
        import tensorflow as tf

        dtypes = [values.dtype for values in self._flat]

        def gathered(pair: Any) -> Any:
            flat = tf.numpy_function(self._gather, [pair], dtypes)
            for tensor, values in zip(flat, self._flat, strict=True):
                tensor.set_shape([None, *values.shape[1:]])
            return pair, tf.nest.pack_sequence_as(self._arrays, flat)

        return numbers.map(gathered).prefetch(1)

    def signature(self) -> Any:
        """The type of a chunk."""
        import tensorflow as tf

        specs = [tf.TensorSpec([None, *one.shape[1:]], one.dtype) for one in self._flat]
        return tf.nest.pack_sequence_as(self._arrays, specs)

    def gatherer(self, first: Any, chunk: Any) -> Callable[[Any], Any]:
        """What gives, in a graph, the batch of a number, out of the chunk from `first` on."""
        import tensorflow as tf

        def gather(step: Any) -> Any:
            start = (step - first) * self._batch
            return tf.nest.map_structure(lambda one: one[start : start + self._batch], chunk)

        return gather

    def _gather(self, pair: Array) -> list[Array]:
        first = int(pair[0]) * self._batch
        end = min(int(pair[1]) * self._batch, self._rows)
        if self._order is None:
            return [np.asarray(values[first:end]) for values in self._flat]
        rows = self._order.rows[first:end]
        way = np.argsort(rows, kind="stable")
        back = np.empty_like(way)
        back[way] = np.arange(len(way))
        return [np.asarray(values[rows[way]])[back] for values in self._flat]
