"""Steps over the batches of a part, many of them in one call of a graph.

Keras calls its graph once a batch, and the call costs more than a small step: an iterator is
asked, Python is passed through, the device is waited for. Here a graph takes the numbers of the
first and the last batch, gathers the rows itself and makes all the steps between: the same steps
in the same order as Keras's own, with the same numbers.
"""

from collections.abc import Callable
from typing import Any

from engine.training.feed import Order, gatherer
from engine.training.pieces import Pieces, TrainingStep, evaluation_step
from engine.training.stream import Stream, is_large
from engine.training.tensors import Tensors

LONGEST_SECONDS = 0.1
"""How long one call may take, so that orders are followed and progress is told in time."""


class Steps:
    """The batches of one part in their order, or in that of `order`."""

    def __init__(self, tensors: Tensors, batch: int, order: Order | None = None) -> None:
        self.count = -(-tensors.rows // batch)
        self._stream = Stream(tensors, batch, order) if is_large(tensors) else None
        self._gather = gatherer(tensors, batch, order) if self._stream is None else None
        self.most = self._stream.most if self._stream else None
        """The steps that one call makes at most, None for no limit."""
        self.whole = max(1, tensors.rows // batch)
        """The batches that are whole; of a part that makes none the only one."""

    def numbers(self, each: int = 1, skip: int = 0) -> Any:
        """A tf.data.Dataset of (first, end) step numbers, `each` of them at a time.

        It is what `fit` and `evaluate` are given in place of the batches. Of data on disk each
        comes with its rows.
        """
        import tensorflow as tf

        each = self._at_most(each)
        firsts = tf.range(skip, self.count, each, dtype=tf.int64)
        ends = tf.minimum(firsts + each, self.count)
        options = tf.data.Options()
        options.autotune.enabled = False
        options.threading.private_threadpool_size = 1
        dataset = tf.data.Dataset.from_tensor_slices(tf.stack([firsts, ends], axis=1))
        if self._stream is not None:
            dataset = self._stream.chunks(dataset)
        return dataset.with_options(options)

    def calls(self, each: int) -> int:
        """How many calls all steps are, `each` of them at a time."""
        return -(-self.count // self._at_most(each))

    def _at_most(self, each: int) -> int:
        return min(each, self.most or each)

    def training(self, network: Any, pieces: Pieces) -> Callable[[Any], Any]:
        """What Keras calls with an iterator of `numbers` to train: answers the metrics."""
        if pieces.whole:
            return self._function(network, _whole(network, network.train_step))
        return self._function(network, TrainingStep(network, pieces))

    def evaluation(self, network: Any, pieces: Pieces) -> Callable[[Any], Any]:
        """What Keras calls with an iterator of `numbers` to evaluate: answers the metrics."""
        if pieces.whole:
            return self._function(network, _whole(network, network.test_step))
        return self._function(network, evaluation_step(network, pieces))

    def _function(self, network: Any, step: Callable[[Any], Any]) -> Callable[[Any], Any]:
        import tensorflow as tf

        stream, held = self._stream, self._gather
        signature = [tf.TensorSpec([2], tf.int64)]
        if stream is not None:
            signature.append(stream.signature())

        @tf.function(  # type: ignore[untyped-decorator]
            input_signature=signature, autograph=False
        )
        def run(numbers: Any, *chunk: Any) -> Any:
            gather: Any = held
            if stream is not None:
                gather = stream.gatherer(numbers[0], chunk[0])

            def body(number: Any) -> tuple[Any]:
                step(gather(number))
                return (number + 1,)

            tf.while_loop(
                lambda number: number < numbers[1], body, [numbers[0]], parallel_iterations=1
            )
            return network.get_metrics_result()

        if stream is None:
            return lambda iterator: run(next(iterator))
        return lambda iterator: run(*next(iterator))


def _whole(network: Any, step: Callable[[Any], Any]) -> Any:
    """Keras's own step over a whole batch."""
    import tensorflow as tf

    return tf.function(
        tf.autograph.experimental.do_not_convert(step),
        reduce_retracing=True,
        jit_compile=network.jit_compile,
    )


def steps_at_once(seconds: float | None, steps: int) -> int:
    """How many steps of this duration (None: unknown) fit into one call, of `steps` in all."""
    if seconds is None:
        return 1
    return max(1, min(steps, int(LONGEST_SECONDS / max(seconds, 1e-6))))
