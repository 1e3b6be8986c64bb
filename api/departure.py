"""Ending a long poll when its client has gone, instead of keeping it until its time is up."""

import asyncio
import contextlib

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class Departure:
    """Cancels a GET that waits (`Prefer: wait=N`) as soon as its connection is closed.

    Only such requests are watched: they have no body, so nobody else reads what the client sends.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if not _waits(scope):
            await self.app(scope, receive, send)
            return
        serving = asyncio.ensure_future(self.app(scope, receive, send))
        leaving = asyncio.ensure_future(_departure(receive))
        try:
            await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if serving.done():
                serving.result()  # raises what serving has raised
        finally:
            for task in (serving, leaving):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task


def _waits(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and "wait" in Headers(scope=scope).get("prefer", "")
    )


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
