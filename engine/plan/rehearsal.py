"""Building networks without allocating a weight: exact shapes from Keras itself, no memory."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras


@contextmanager
def clean_session() -> Iterator[None]:
    """Afterwards Keras's global state is cleared.

    Keras remembers every variable that it has not initialized; without this each rehearsal
    would leak them.
    """
    try:
        yield
    finally:
        keras.backend.clear_session(free_memory=False)


@contextmanager
def rehearsal() -> Iterator[None]:
    """Within this, layers and optimizers build but their variables get no value.

    Optimizers and metrics must be made before, for they hold counters that need one.
    """
    with keras.StatelessScope(initialize_variables=False):
        yield
