"""Carries out the steps of an operation on the calling thread."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any, TypeVar

import httpx2

from .call import Call
from .step import END, Emit, Items, Open, Opened, Pull, Send, Sleep, Step, Steps
from .timeouts import limits

R = TypeVar("R")
T = TypeVar("T")


class Blocking:
    """The driver of the synchronous client."""

    def __init__(self, url: str, headers: dict[str, str], seconds: float, retries: int) -> None:
        self.url, self.retries, self._seconds = url, retries, seconds
        self._http = httpx2.Client(base_url=url, headers=headers)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def run(self, steps: Steps[R]) -> R:
        """Carry out all steps; what the operation returns."""
        opened: list[httpx2.Response] = []
        advance = partial(steps.send, None)
        try:
            while True:
                try:
                    step = advance()
                except StopIteration as stop:
                    result: R = stop.value
                    return result
                advance = self._next(steps, step, opened)
        finally:
            _close(opened)

    def iterate(self, items: Items[T]) -> Iterator[T]:
        """Carry out steps as far as the next item is wanted."""
        opened: list[httpx2.Response] = []
        advance = partial(items.send, None)
        try:
            while True:
                try:
                    step = advance()
                except StopIteration:
                    return
                if isinstance(step, Emit):
                    yield step.item
                    advance = partial(items.send, None)
                else:
                    advance = self._next(items, step, opened)
        finally:
            _close(opened)

    def _next(self, steps: Any, step: Step, opened: list[httpx2.Response]) -> Any:
        try:
            return partial(steps.send, self._perform(step, opened))
        except Exception as error:
            return partial(steps.throw, error)

    def _perform(self, step: Step, opened: list[httpx2.Response]) -> Any:
        if isinstance(step, Send):
            return self._http.send(self._request(step.call))
        if isinstance(step, Open):
            return self._open(step, opened)
        if isinstance(step, Pull):
            return next(step.opened.items, END)
        if isinstance(step, Sleep):
            return time.sleep(step.seconds)
        return step.function()

    def _open(self, step: Open, opened: list[httpx2.Response]) -> Opened:
        _close(opened)
        response = self._http.send(self._request(step.call), stream=True)
        opened.append(response)
        if response.status_code >= 400:
            response.read()
        source = httpx2.EventSource(response) if step.read == "events" else response.iter_bytes()
        return Opened(response, iter(source))

    def _request(self, call: Call) -> httpx2.Request:
        return self._http.build_request(
            call.method,
            call.path,
            params=call.query,
            headers=call.sent_headers,
            content=call.content(),
            timeout=limits(self._seconds, call.silence),
        )


def _close(opened: list[httpx2.Response]) -> None:
    while opened:
        opened.pop().close()
