"""The real application behind the real server, in a thread of this process."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2

from api.app import create_app
from api.server import Server, configure
from api.services import Engine, Services
from core.host import EngineFailure, Limits
from core.settings import Settings
from models.database import Database
from tests.fixtures.service import free_port


class Absent:
    """An engine that cannot be had."""

    def call(
        self, task: str, payload: dict[str, Any], limits: Limits, subject: str | None = None
    ) -> dict[str, Any]:
        """Fails as the host does when no child can be started."""
        raise EngineFailure("crashed", "no engine in this test")

    def forget(self, subject: str) -> None:
        """Nothing to end."""

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that nothing is put into."""
        with TemporaryDirectory() as name:
            yield Path(name)

    def run(
        self, task: str, payload: dict[str, Any], folder: Path, limits: Limits
    ) -> tuple[dict[str, Any], int]:
        """Fails as `call` does."""
        raise EngineFailure("crashed", "no engine in this test")

    def close(self) -> None:
        """Nothing to end."""


class Lasting:
    """An engine that outlives the service under test, for others to use."""

    def __init__(self, engine: Engine) -> None:
        self.call, self.run, self.folder = engine.call, engine.run, engine.folder
        self.forget = engine.forget

    def close(self) -> None:
        """Left to its owner."""


class Running:
    """A served application, and a client of it."""

    def __init__(self, services: Services, port: int) -> None:
        self.services = services
        self.database = services.database
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.app = create_app(services)
        settings = services.settings.model_copy(update={"port": port})
        self.server = Server(configure(self.app, settings), self.app)
        self.client = httpx2.Client(
            base_url=self.url, timeout=30, event_hooks={"response": [self._check_declared]}
        )
        self._thread = threading.Thread(target=lambda: asyncio.run(self.server.serve()))

    def start(self) -> None:
        """Serve; returns when it does."""
        self._thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def stop(self) -> float:
        """End in good order; the seconds it took."""
        began = time.monotonic()
        self.server.should_exit = True
        self._thread.join(timeout=30)
        assert not self._thread.is_alive()
        return time.monotonic() - began

    def _check_declared(self, response: httpx2.Response) -> None:
        """Every answer that any test meets is one that the OpenAPI document declares."""
        paths: dict[str, Any] = self.app.openapi()["paths"]
        path, method = response.request.url.path, response.request.method.lower()
        method = "get" if method == "head" else method
        # Of `/{id}` and `/word` that both match, the one with fewer variables is meant.
        for template in sorted(paths, key=lambda text: text.count("{")):
            if method in paths[template] and _matches(template, path):
                declared = paths[template][method]["responses"]
                assert str(response.status_code) in declared, (
                    method,
                    template,
                    response.status_code,
                )
                return
        assert response.status_code in (404, 405), (method, path)

    def project(self) -> str:
        """The id of the project of callers without a key."""
        caller = self.app.state.guard.without_key()
        assert caller is not None
        project: str = caller.project_id
        return project


def _matches(template: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


@contextmanager
def running(home: Path, database_url: str, engine: Engine, **settings: Any) -> Iterator[Running]:
    """A service over this database until the block ends."""
    given: dict[str, Any] = {"watch_seconds": 0.02, "relay_seconds": 3600, **settings}
    services = Services(
        Settings(home=home, database_url=database_url, **given), Database(database_url), engine
    )
    served = Running(services, free_port())
    served.start()
    try:
        yield served
    finally:
        served.client.close()
        served.stop()
