"""Running the API: `python -m api` serves, `python -m api key` makes an API key.

uvicorn waits for open connections before it tells the application to end, so streams must be
told by the server itself: `Server.shutdown` bids them farewell first.
"""

import argparse
import math
import socket
import sys
from typing import Literal

import structlog
import uvicorn

from api.app import Application, create_app
from api.auth import LOOPBACK, SCOPES
from api.connection import connection
from api.services import Services
from core import logs, scratch, traces
from core.allocator import share_arenas
from core.collector import collect_seldom
from core.files import allow_open_files
from core.host import EngineHost
from core.settings import Settings, get_settings
from models.database import Database
from models.key import Key
from models.project import DEFAULT, Project

log = structlog.get_logger(__name__)

_GRACE_SECONDS = 10


class Server(uvicorn.Server):
    """uvicorn's server, which closes streams with a farewell instead of waiting for them."""

    def __init__(self, config: uvicorn.Config, app: Application) -> None:
        super().__init__(config)
        self._application = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell all who wait, then end as uvicorn does."""
        self._application.state.services.hub.farewell()
        await super().shutdown(sockets)


def make_server(settings: Settings) -> Server:
    """A server over the settings' database and storage. Raises SystemExit (2) when it may not."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    _demand_keys(settings, database)
    start: Literal["fork", "exec"] = "exec" if settings.engine_start == "exec" else "fork"
    folder = scratch.claim(settings, "api") / "engine"
    engine = EngineHost(folder, start, settings.warm_models, settings.warm_seconds)
    engine.start()
    app = create_app(Services(settings, database, engine))
    return Server(configure(app, settings), app)


def configure(app: Application, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs here."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=connection(settings.head_seconds),
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        # As long as for a head: clients keep idle connections for five seconds, as uvicorn does by
        # itself, and what they sent just then would meet a connection that is being closed.
        timeout_keep_alive=math.ceil(settings.head_seconds),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    options = _options(arguments)
    share_arenas()
    allow_open_files()
    settings = get_settings()
    if options.command == "key":
        _make_key(settings, options)
        return
    logs.configure(settings)
    traces.configure("api")
    try:
        server = make_server(settings)
        collect_seldom()
        server.run()
    finally:
        traces.close()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m api", description="Lamina's HTTP service.")
    commands = parser.add_subparsers(dest="command")
    key = commands.add_parser("key", help="make an API key and print its secret")
    key.add_argument("--name", default="")
    key.add_argument("--project", default=DEFAULT)
    key.add_argument("--scopes", nargs="+", choices=SCOPES, default=list(SCOPES))
    return parser.parse_args(arguments)


def _make_key(settings: Settings, options: argparse.Namespace) -> None:
    database = Database(settings.database)
    with database.session() as session:
        project = Project.named(session, options.project)
        _, secret = Key.issue(session, project.id, options.name, options.scopes)
    database.close()
    sys.stdout.write(f"{secret}\n")


def _demand_keys(settings: Settings, database: Database) -> None:
    """Refuse to open the service to the network while it has no key."""
    if settings.host in LOOPBACK:
        return
    with database.reading() as session:
        if Key.exists(session):
            return
    sys.stderr.write(
        f"lamina: {settings.host} is open to the network, but there is no API key.\n"
        "Make one with `python -m api key`, or bind 127.0.0.1.\n"
    )
    raise SystemExit(2)
