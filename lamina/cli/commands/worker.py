"""`lamina worker`."""

import typer

from lamina.cli import checkout

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}


def command(context: typer.Context) -> None:
    """Start a worker: it takes jobs from the queue and trains them.

    All arguments are handed on; the settings are the server's LAMINA_… variables.
    """
    checkout.run("worker", context.args)
