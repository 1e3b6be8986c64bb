"""The two clients: one that blocks, one for asyncio."""

from typing import Self

from .awaiting import Awaiting
from .blocking import Blocking
from .environment import api_key, service_url
from .service import Service, sent_headers


class Client(Service[Blocking]):
    """A synchronous client of a Lamina service.

    `url` and `key` default to the environment's LAMINA_URL (else http://127.0.0.1:8000) and
    LAMINA_API_KEY. `timeout` is the patience with a silent connection in seconds, `retries` how
    often a request is sent again when that can help. Use it as a context manager, or `close()`.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 4,
    ) -> None:
        headers = sent_headers(api_key(key))
        super().__init__(Blocking(service_url(url), headers, timeout, retries))

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class AsyncClient(Service[Awaiting]):
    """The client for asyncio: the same operations, to be awaited; lists and events `async for`."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 4,
    ) -> None:
        headers = sent_headers(api_key(key))
        super().__init__(Awaiting(service_url(url), headers, timeout, retries))

    async def close(self) -> None:
        """Close the connections."""
        await self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()
