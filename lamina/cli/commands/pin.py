"""`lamina pin`."""

from typing import Annotated

import typer

from lamina.cli.session import connect


def command(
    context: typer.Context,
    things: Annotated[
        list[str], typer.Argument(metavar="ID", help="Ids of jobs, models or datasets")
    ],
    off: Annotated[bool, typer.Option("--off", help="Unpin them")] = False,
) -> None:
    """Keep things for ever, however old they grow."""
    client = connect(context)
    for one in things:
        found = client.unpin(one) if off else client.pin(one)
        print(f"{found.id} {'unpinned' if off else 'pinned'}")
