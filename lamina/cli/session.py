"""The client of a command."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from lamina.client import Client

_RETRIES = 2


def connect(context: typer.Context, retries: int = _RETRIES) -> "Client":
    """A client of the service that `--url` or the environment names; closed with the command.

    It tries again less often than the library does: somebody sits and waits.
    """
    from lamina.client import Client

    return context.with_resource(Client(context.obj, retries=retries))
