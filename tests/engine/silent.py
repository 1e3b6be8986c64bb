"""The port of a task that has nothing to say."""

from typing import Any


class Silent:
    """A port that fails the test when anything is sent through it."""

    order = None

    def emit(self, event: str, **fields: Any) -> None:
        raise AssertionError(f"this task emits nothing, not {event}")
