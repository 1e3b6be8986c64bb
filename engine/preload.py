"""What every engine process imports before its first task, and nothing more."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

_HEAVY = ("tensorflow", "keras", "numpy", "h5py")


def preload() -> None:
    """Import the heavy packages and all tasks. Runs no operation: forking must stay safe."""
    with _quiet():
        for name in _HEAVY:
            import_module(name)
    from engine.catalog import KINDS, entries
    from engine.tasks import tasks

    tasks()
    for kind in KINDS:
        entries(kind)  # looked up once here instead of once in every child


@contextmanager
def _quiet() -> Iterator[None]:
    """TensorFlow's C++ side greets on standard error at import, whatever its log level says."""
    kept, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)
