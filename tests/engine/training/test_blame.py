"""Who is to blame for a ValueError: the client's network, or a mistake of ours."""

import keras
import numpy as np
import pytest

from engine.faults import Fault
from engine.training.blame import classified
from engine.training.feed import permutation


def _network() -> keras.Model:
    network = keras.Sequential([keras.Input([3]), keras.layers.Dense(2)])
    network.compile(loss="mse")
    return network


def test_what_keras_refuses_is_the_stacks_fault() -> None:
    with pytest.raises(Fault) as caught, classified():
        _network().fit(np.zeros((4, 5)), np.zeros((4, 2)), verbose=0)
    assert caught.value.code == "invalid-stack"


def test_what_our_code_gets_wrong_is_not() -> None:
    with pytest.raises(ValueError, match="non-negative"), classified():
        permutation(2, -1, 0)


def test_what_our_code_gets_wrong_inside_a_fit_is_not_either() -> None:
    class Wrong(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: object = None) -> None:
            del epoch, logs
            permutation(2, -1, 0)

    with pytest.raises(ValueError, match="non-negative"), classified():
        _network().fit(np.zeros((4, 3)), np.zeros((4, 2)), verbose=0, callbacks=[Wrong()])


@pytest.mark.parametrize(
    ("text", "code"),
    [("Dst tensor is not initialized.", "out-of-memory"), ("It broke.", None)],
)
def test_a_gpu_that_is_full_says_so_in_many_ways(text: str, code: str | None) -> None:
    import tensorflow as tf

    with pytest.raises((Fault, tf.errors.InternalError)) as caught, classified():
        raise tf.errors.InternalError(None, None, text)
    assert getattr(caught.value, "code", None) == code or code is None


def test_a_tensor_too_large_is_out_of_memory() -> None:
    import tensorflow as tf

    with pytest.raises(Fault) as caught, classified():
        tf.zeros([2**42, 2**10], tf.float32)
    assert caught.value.code == "out-of-memory"
