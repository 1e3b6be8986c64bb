"""The pace of bodies: who sends a byte now and then does not keep a place for ever."""

import asyncio
import time

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings


class TooSlow(ClientDisconnect):
    """The rest of the body is not waited for: to the application as if the client had gone."""


class Pace:
    """Waits for a body for some seconds, and one more for so many bytes as a second must bring.

    Only the time that the client takes is counted, not what is done with what it has sent.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._seconds = settings.body_seconds
        self._rate = settings.body_rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        left = self._seconds
        ended = False

        async def paced() -> Message:
            nonlocal left, ended
            if ended:  # what comes now is the client's leaving, at any time
                return await receive()
            began = time.monotonic()
            try:
                async with asyncio.timeout(left):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            left += len(message.get("body", b"")) / self._rate - (time.monotonic() - began)
            ended = not message.get("more_body", False)
            return message

        await self.app(scope, paced, send)
