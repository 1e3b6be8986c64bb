"""Carries out the steps of an operation in an event loop of asyncio."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any, TypeVar

import httpx2

from .call import Call
from .step import END, Emit, Items, Open, Opened, Pull, Send, Sleep, Step, Steps
from .timeouts import limits

R = TypeVar("R")
T = TypeVar("T")


class Awaiting:
    """The driver of the asynchronous client."""

    def __init__(self, url: str, headers: dict[str, str], seconds: float, retries: int) -> None:
        self.url, self.retries, self._seconds = url, retries, seconds
        self._http = httpx2.AsyncClient(base_url=url, headers=headers)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def run(self, steps: Steps[R]) -> R:
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
                advance = await self._next(steps, step, opened)
        finally:
            await _close(opened)

    async def iterate(self, items: Items[T]) -> AsyncIterator[T]:
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
                    advance = await self._next(items, step, opened)
        finally:
            await _close(opened)

    async def _next(self, steps: Any, step: Step, opened: list[httpx2.Response]) -> Any:
        try:
            return partial(steps.send, await self._perform(step, opened))
        except Exception as error:
            return partial(steps.throw, error)

    async def _perform(self, step: Step, opened: list[httpx2.Response]) -> Any:
        if isinstance(step, Send):
            return await self._http.send(self._request(step.call))
        if isinstance(step, Open):
            return await self._open(step, opened)
        if isinstance(step, Pull):
            return await anext(step.opened.items, END)
        if isinstance(step, Sleep):
            return await asyncio.sleep(step.seconds)
        return await asyncio.to_thread(step.function)

    async def _open(self, step: Open, opened: list[httpx2.Response]) -> Opened:
        await _close(opened)
        response = await self._http.send(self._request(step.call), stream=True)
        opened.append(response)
        if response.status_code >= 400:
            await response.aread()
        source = httpx2.EventSource(response) if step.read == "events" else response.aiter_bytes()
        return Opened(response, aiter(source))

    def _request(self, call: Call) -> httpx2.Request:
        content = call.content()
        return self._http.build_request(
            call.method,
            call.path,
            params=call.query,
            headers=call.sent_headers,
            content=_threaded(content) if isinstance(content, Iterator) else content,
            timeout=limits(self._seconds, call.silence),
        )


async def _threaded(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    # Files are read on a thread: a slow disk must not hold up the event loop.
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk


async def _close(opened: list[httpx2.Response]) -> None:
    while opened:
        await opened.pop().aclose()
