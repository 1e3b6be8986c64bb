"""`lamina doctor`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import typer

from lamina.cli import screen
from lamina.cli.options import Json
from lamina.cli.outcome import SERVER
from lamina.cli.session import connect

if TYPE_CHECKING:
    from lamina.client import Client


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str | None


def command(context: typer.Context, as_json: Json = False) -> None:
    """Examine the service.

    Can it be reached, is it ready, are there workers?

    Exit code: 0 all is well, 3 something is not.
    """
    well = True
    for finding in _examine(connect(context, retries=0)):
        well &= finding.ok
        if as_json:
            screen.print_json(finding._asdict())
        else:
            mark = "ok  " if finding.ok else "FAIL"
            print(f"{mark}  {finding.name}" + (f": {finding.detail}" if finding.detail else ""))
    if not well:
        raise typer.Exit(SERVER)


def _examine(client: "Client") -> Iterator[Finding]:
    from lamina import __version__
    from lamina.client import LaminaError

    yield Finding("client", True, __version__)
    try:
        for check in client.ready().checks:
            yield Finding(check.name, check.ok, check.detail)
        server = client.server()
        versions = ", ".join(f"{name} {value}" for name, value in server.versions.items())
        yield Finding("server", True, f"{server.version} at {client.url} ({versions})")
        workers = client.workers()
        alive = [worker for worker in workers if worker.state == "alive"]
        names = ", ".join(f"{worker.host} ({len(worker.slots)} slots)" for worker in alive)
        yield Finding("workers", bool(alive), names or "none is alive; `lamina worker` starts one")
    except LaminaError as error:
        yield Finding("service", False, str(error))
