"""Tensors in memory as the batches that a fit takes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.dataset.windows import Windows
from engine.training.tensors import Tensors

_SMALL_BATCH = 1 << 20
"""Bytes of a batch below which one thread gathers it."""


class Order:
    """The order of the rows of an epoch: a function of seed and epoch alone.

    As an array, and in a variable that the input pipeline reads, so that one pipeline serves all
    epochs.
    """

    def __init__(self, rows: int, seed: int, shuffle: bool) -> None:
        self.rows = np.arange(rows, dtype=np.int64)
        self._seed, self._shuffle = seed, shuffle
        self._variable: Any = None

    @property
    def variable(self) -> Any:
        """The order as a variable."""
        import tensorflow as tf

        if self._variable is None:
            with tf.device("CPU:0"):
                self._variable = tf.Variable(self.rows, trainable=False)
        return self._variable

    def begin(self, epoch: int) -> None:
        """Set the order of this epoch."""
        if self._shuffle:
            self.rows = permutation(len(self.rows), self._seed, epoch)
            if self._variable is not None:
                self._variable.assign(self.rows)


def permutation(rows: int, seed: int, epoch: int) -> Any:
    """`int64[rows]`: the order in which an epoch visits the rows."""
    return np.random.default_rng([seed, epoch]).permutation(rows)


def batches(tensors: Tensors, batch: int, order: Order | None = None, skip: int = 0) -> Any:
    """A tf.data.Dataset of (x, y[, weights]), its length known, `skip` batches left out."""
    import tensorflow as tf

    steps = -(-tensors.rows // batch)
    dataset = tf.data.Dataset.range(skip, steps).map(gatherer(tensors, batch, order)).prefetch(2)
    return dataset.with_options(_options(tensors, batch))


def gatherer(tensors: Tensors, batch: int, order: Order | None = None) -> Callable[[Any], Any]:
    """What gives, within a graph, the batch of a number: (x, y[, weights]).

    With one Input (output) the tensor itself, with several a dict by name. The data stays in
    main memory; a batch is gathered by row number.
    """
    import tensorflow as tf

    rows = tensors.rows
    with tf.device("CPU:0"):
        held = tf.nest.map_structure(_held, arranged(tensors))

    @tf.autograph.experimental.do_not_convert  # type: ignore[untyped-decorator]
    def gather(step: Any) -> Any:
        start = step * batch
        end = tf.minimum(start + batch, rows)
        if order is None:
            return tf.nest.map_structure(lambda one: one.between(start, end), held)
        chosen = order.variable[start:end]
        return tf.nest.map_structure(lambda one: one.rows(chosen), held)

    return gather  # type: ignore[no-any-return]


class _Whole:
    """An array in TensorFlow's memory."""

    def __init__(self, values: Any) -> None:
        import tensorflow as tf

        self._tensor = tf.constant(values)

    def between(self, start: Any, end: Any) -> Any:
        """The rows from `start` up to, not including, `end`."""
        return self._tensor[start:end]

    def rows(self, chosen: Any) -> Any:
        """These rows."""
        import tensorflow as tf

        return tf.gather(self._tensor, chosen)


class _Windowed:
    """Samples gathered from rows that are held once, the order within a sample never changed."""

    def __init__(self, windows: Windows) -> None:
        import tensorflow as tf

        self._base, self._starts = tf.constant(windows.base), tf.constant(windows.starts)
        self._steps = tf.range(windows.length, dtype=tf.int64)

    def between(self, start: Any, end: Any) -> Any:
        """As of an array."""
        return self._gather(self._starts[start:end])

    def rows(self, chosen: Any) -> Any:
        """As of an array."""
        import tensorflow as tf

        return self._gather(tf.gather(self._starts, chosen))

    def _gather(self, starts: Any) -> Any:
        import tensorflow as tf

        return tf.gather(self._base, starts[:, None] + self._steps)


def _held(values: Any) -> _Whole | _Windowed:
    return _Windowed(values) if isinstance(values, Windows) else _Whole(values)


def _options(tensors: Tensors, batch: int) -> Any:
    """One thread for small batches, which cost less to gather than to hand between threads."""
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    values = [*tensors.x.values(), *tensors.y.values()]
    if sum(array.nbytes for array in values) * batch < _SMALL_BATCH * tensors.rows:
        options.threading.private_threadpool_size = 1
    return options


def arranged(tensors: Tensors) -> tuple[Any, ...]:
    """(x, y[, weights]), with one Input (output) the values themselves, else by name."""
    parts = [_single(tensors.x), _single(tensors.y)]
    if tensors.weights:
        some = np.ones(tensors.rows, np.float32)
        parts.append(_single({name: tensors.weights.get(name, some) for name in tensors.y}))
    return tuple(parts)


def _single(named: dict[str, Any]) -> Any:
    return next(iter(named.values())) if len(named) == 1 else dict(named)
