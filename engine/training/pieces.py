"""A step over a batch in pieces: for memory that does not hold the whole, and for several devices.

The gradients of the pieces, each weighed by its rows, are added up before the optimizer hears of
them. To the optimizer, its schedules and the callbacks a batch stays a batch, a last and shorter
one too, and between two batches nothing is pending that a checkpoint would have to hold.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from engine.training.feed import arranged
from engine.training.tensors import Tensors


@dataclass(frozen=True)
class Pieces:
    """How batches are cut: `rows` at most on a device at a time (None: all), and the devices.

    `strategy` is a tf.distribute.MirroredStrategy, None for a single device.
    """

    rows: int | None = None
    strategy: Any = None

    @property
    def devices(self) -> int:
        """On how many devices a batch is worked at."""
        return int(self.strategy.num_replicas_in_sync) if self.strategy else 1

    @property
    def whole(self) -> bool:
        """Whether a batch is not cut."""
        return self.rows is None and self.strategy is None

    def scope(self) -> Any:
        """Within it variables are made on every device."""
        return self.strategy.scope() if self.strategy else nullcontext()

    def adopt(self, network: Any, tensors: Tensors) -> None:
        """Take over a compiled network that was built in this scope.

        The variables of its metrics are made on every device; and Keras is kept from dividing
        what a fit is given among them, which are numbers of steps.
        """
        if self.strategy:
            some = keras.tree.map_structure(
                lambda values: np.asarray(values[:1]), arranged(tensors)
            )
            network._maybe_symbolic_build(data_batch=some)
            network._distribute_strategy = None

    def settle(self, network: Any) -> None:
        """Give all devices the mean of what each has found of its rows: statistics of batches."""
        import tensorflow as tf

        if not self.strategy:
            return
        running = {id(variable) for variable in network.metrics_variables}
        for variable in network.non_trainable_variables:
            if id(variable) in running or not variable.value.dtype.is_floating:
                continue
            found = self.strategy.experimental_local_results(variable.value)
            if len(found) > 1:
                variable.assign(tf.add_n([tf.convert_to_tensor(one) for one in found]) / len(found))

    def each(self, data: Any, work: Callable[[Any, Any], None]) -> None:
        """Have `work` do every piece of a batch, within a graph: (piece, its share of the rows).

        Where there are fewer rows than devices, those that get none take one that another has.
        """
        import tensorflow as tf

        rows = tf.shape(tf.nest.flatten(data)[0], out_type=tf.int64)[0]
        share = -(-rows // self.devices)
        turns = tf.constant(1, tf.int64) if self.rows is None else -(-share // self.rows)

        def turn(number: Any) -> None:
            place, parts = self._replica() * turns + number, turns * self.devices
            start, end = place * rows // parts, (place + 1) * rows // parts
            weight = tf.cast(end - start, tf.float32) / tf.cast(rows, tf.float32)
            start = tf.minimum(start, rows - 1)
            end = tf.maximum(end, start + 1)
            work(tf.nest.map_structure(lambda one: one[start:end], data), weight)

        def body(number: Any) -> tuple[Any]:
            self.everywhere(lambda: turn(number))
            return (number + 1,)

        first = tf.constant(0, tf.int64)
        tf.while_loop(lambda number: number < turns, body, [first], parallel_iterations=1)

    def everywhere(self, work: Callable[[], None]) -> None:
        """Have every device do this."""
        if self.strategy:
            self.strategy.run(work)
        else:
            work()

    def _replica(self) -> Any:
        import tensorflow as tf

        if not self.strategy:
            return tf.constant(0, tf.int64)
        context = tf.distribute.get_replica_context()
        return tf.cast(context.replica_id_in_sync_group, tf.int64)


class Settling(keras.callbacks.Callback):  # type: ignore[misc]
    """Has the devices agree whenever the network is about to be looked at. The first callback."""

    def __init__(self, pieces: Pieces) -> None:
        super().__init__()
        self._pieces = pieces

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Before the validation."""
        del logs
        self._pieces.settle(self.model)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Before a checkpoint."""
        del epoch, logs
        self._pieces.settle(self.model)


class TrainingStep:
    """The step of a training, over (x, y[, weights]) in pieces."""

    def __init__(self, network: Any, pieces: Pieces) -> None:
        import tensorflow as tf

        self._network, self._pieces = network, pieces
        with pieces.scope():
            self._sums = [
                tf.Variable(
                    tf.zeros(variable.shape, variable.dtype),
                    trainable=False,
                    synchronization=tf.VariableSynchronization.ON_READ,
                    aggregation=tf.VariableAggregation.SUM,
                )
                for variable in network.trainable_variables
            ]
        self._learning = [False] * len(self._sums)
        self._piece = _graph(network, pieces, self._gather)
        self._update = _graph(network, pieces, self._apply)

    def __call__(self, data: Any) -> None:
        """One step of the optimizer."""
        self._pieces.each(data, self._piece)
        self._pieces.everywhere(self._update)

    def _gather(self, data: Any, share: Any) -> None:
        import tensorflow as tf

        network, devices = self._network, self._pieces.devices
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            found = network(x, training=True)
            loss = _loss(network, (x, y, weights), found, devices, training=True)
            # Keras has divided the loss by the number of devices already.
            told = network.optimizer.scale_loss(loss * devices * tf.cast(share, loss.dtype))
        gradients = tape.gradient(told, network.trainable_weights)
        for place, gradient in enumerate(gradients):
            self._learning[place] = gradient is not None
            if gradient is not None:
                self._sums[place].assign_add(tf.convert_to_tensor(gradient))
        network.compute_metrics(x, y, found, weights)

    def _apply(self) -> None:
        import tensorflow as tf

        variables = self._network.trainable_weights
        gradients = [self._total(one) for one in self._sums]
        self._network.optimizer.apply_gradients(
            [
                (gradient, variable)
                for gradient, variable, learning in zip(
                    gradients, variables, self._learning, strict=True
                )
                if learning
            ]
        )
        for one in self._sums:
            one.assign(tf.zeros_like(one))

    def _total(self, gathered: Any) -> Any:
        """What this device tells the optimizer, which adds up what all tell.

        Clipping and loss scaling come before that addition, and are about the whole: so one device
        tells all of it and the others nothing.
        """
        import tensorflow as tf

        own = gathered.read_value()
        if not (self._pieces.strategy and _looks_at_gradients(self._network.optimizer)):
            return own
        context = tf.distribute.get_replica_context()
        total = context.all_reduce(tf.distribute.ReduceOp.SUM, own)
        return total * tf.cast(context.replica_id_in_sync_group == 0, total.dtype)


def evaluation_step(network: Any, pieces: Pieces) -> Callable[[Any], None]:
    """The step of an evaluation, over (x, y[, weights]) in pieces."""

    def look(data: Any, share: Any) -> None:
        del share
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        found = network(x, training=False)
        _loss(network, (x, y, weights), found, pieces.devices, training=False)
        network.compute_metrics(x, y, found, weights)

    graph = _graph(network, pieces, look)
    return lambda data: pieces.each(data, graph)


def _graph(network: Any, pieces: Pieces, work: Any) -> Any:
    """Work as a graph of its own; on several devices they talk within it, which Keras forbids."""
    import tensorflow as tf

    plain = tf.autograph.experimental.do_not_convert(work)
    if pieces.strategy:
        return plain
    return tf.function(plain, reduce_retracing=True, jit_compile=network.jit_compile)


def _loss(network: Any, batch: Any, found: Any, devices: int, training: bool) -> Any:
    """The loss of some rows, told to the mean of the epoch as Keras's own step does."""
    import tensorflow as tf

    x, y, weights = batch
    loss = network.compute_loss(x=x, y=y, y_pred=found, sample_weight=weights, training=training)
    tracker = next(metric for metric in network.metrics if metric.name == "loss")
    tracker.update_state(loss * devices, sample_weight=tf.shape(tf.nest.flatten(x)[0])[0])
    return loss


def _looks_at_gradients(optimizer: Any) -> bool:
    inner = getattr(optimizer, "inner_optimizer", None)
    clips = (
        getattr(optimizer, name, None) for name in ("clipnorm", "global_clipnorm", "clipvalue")
    )
    return inner is not None or any(limit is not None for limit in clips)
