"""The things an operation may ask of the outside: send, open, pull, sleep, work, emit.

An operation of the client is a generator of these steps. It holds all of the logic and does
no input or output itself; `blocking.py` and `awaiting.py` carry the steps out, so that the
synchronous and the asynchronous client are one code base.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import httpx2

from .call import Call

R = TypeVar("R")
T = TypeVar("T")


class _End:
    """Stands for the end of an opened answer."""


END = _End()


@dataclass(frozen=True)
class Send:
    """Send the call and read its whole answer: httpx2.Response."""

    call: Call


@dataclass(frozen=True)
class Open:
    """Send the call and leave the answer open for `Pull`: Opened."""

    call: Call
    read: Literal["bytes", "events"]


@dataclass(frozen=True)
class Opened:
    """An answer whose content comes piece by piece."""

    response: httpx2.Response
    items: Any


@dataclass(frozen=True)
class Pull:
    """The next piece of an opened answer, or END."""

    opened: Opened


@dataclass(frozen=True)
class Sleep:
    """Let time pass."""

    seconds: float


@dataclass(frozen=True)
class Work:
    """Run a function that may take long or touch files; gives what it returns."""

    function: Callable[[], Any]


@dataclass(frozen=True)
class Emit(Generic[T]):
    """Hand one item to whoever iterates."""

    item: T


Step = Send | Open | Pull | Sleep | Work
Steps = Generator[Step, Any, R]
Items = Generator[Step | Emit[T], Any, None]


def send(call: Call) -> Steps[httpx2.Response]:
    """Send once, whatever the answer."""
    response: httpx2.Response = yield Send(call)
    return response


def open_answer(call: Call, read: Literal["bytes", "events"]) -> Steps[Opened]:
    """Open once, whatever the answer. A refusal (status 400 or more) is read whole."""
    opened: Opened = yield Open(call, read)
    return opened


def pull(opened: Opened) -> Steps[Any]:
    """The next piece, or END."""
    return (yield Pull(opened))


def sleep(seconds: float) -> Steps[None]:
    """Let time pass."""
    yield Sleep(seconds)


def work(function: Callable[[], R]) -> Steps[R]:
    """Run a slow function where it blocks nobody."""
    result: R = yield Work(function)
    return result
