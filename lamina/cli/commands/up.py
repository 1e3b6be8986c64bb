"""`lamina up`."""

import typer

from lamina.cli import checkout

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}


def command(context: typer.Context) -> None:
    """Start the whole service here, in the foreground.

    The API, a worker and Redis, on this machine, until Ctrl-C. All arguments are handed on; the
    settings are the server's LAMINA_… variables.
    """
    checkout.run("core.embedded", context.args)
