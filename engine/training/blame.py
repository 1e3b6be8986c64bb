"""Whose fault an exception of a training is."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from engine.faults import Fault
from lamina.fullness import is_full

_MOST_TEXT = 500
_EXHAUSTED = (
    *("CUDA_ERROR_OUT_OF_MEMORY", "Dst tensor is not initialized", "RESOURCE_EXHAUSTED"),
    *("CUDNN_STATUS_ALLOC_FAILED", "out of memory", "Out of memory"),
)
"""How CUDA, cuDNN, XLA and copies to a GPU say within other errors that memory ran out."""


@contextmanager
def classified() -> Iterator[None]:
    """Turn what TensorFlow, Keras and the system raise into faults with a code.

    Exhausted memory is `out-of-memory`, a full disk `storage-full`, a value that an operation
    refuses `data-error`, what Keras says about layers and shapes `invalid-stack`. Anything else
    passes as it is, a ValueError of our own code too: the client is not to blame for that.
    """
    try:
        yield
    except Fault:
        raise
    except Exception as error:
        fault = _fault(error)
        if fault is None:
            raise
        raise fault from error


def _fault(error: Exception) -> Fault | None:
    import tensorflow as tf

    if isinstance(error, tf.errors.ResourceExhaustedError | MemoryError) or _exhausted(error):
        return Fault("out-of-memory", _text(error, "The memory does not suffice."))
    if isinstance(error, tf.errors.InvalidArgumentError | tf.errors.OutOfRangeError):
        return Fault("data-error", _text(error, "The data holds a bad value."))
    if isinstance(error, OSError) and is_full(error):
        return Fault("storage-full", "The storage is full.")
    if isinstance(error, ValueError | TypeError) and _is_of_keras(error):
        return Fault("invalid-stack", _text(error, "Keras refuses the network."))
    return None


def _exhausted(error: Exception) -> bool:
    """Whether an error that says nothing by its kind is about memory after all."""
    import tensorflow as tf

    vague = isinstance(error, tf.errors.InternalError | tf.errors.UnknownError)
    return vague and any(word in str(error) for word in _EXHAUSTED)


def _is_of_keras(error: BaseException) -> bool:
    """Whether Keras or TensorFlow, and not this engine, is the nearest to where it was raised."""
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        package = frame.f_globals.get("__name__", "").partition(".")[0]
        if package in ("keras", "tensorflow", "engine"):
            return bool(package != "engine")
    return False


def _text(error: BaseException, otherwise: str) -> str:
    """The telling lines of a message, without node names and stacks."""
    message = getattr(error, "message", None) or str(error)
    lines = [line.strip() for line in message.splitlines()]
    telling = [
        line for line in lines if line and not line.startswith(("Detected at", "Stack", "File"))
    ]
    text = " ".join(telling) or otherwise
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "…"
