"""`lamina migrate`."""

import typer

from lamina.cli import checkout

CONTEXT = {"allow_extra_args": True, "ignore_unknown_options": True}


def command(context: typer.Context) -> None:
    """Bring the database to the newest version.

    All arguments are handed on; the settings are the server's LAMINA_… variables.
    """
    checkout.run("migrations", context.args)
