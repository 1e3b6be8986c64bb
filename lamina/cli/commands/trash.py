"""`lamina trash`."""

from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.help import command_group
from lamina.cli.options import Json
from lamina.cli.session import connect

group = command_group("List what was deleted, and bring it back.")


@group.command(name="list")
def list_(
    context: typer.Context,
    kind: Annotated[str, typer.Option(help="job, model, dataset or file")] = "job",
    as_json: Json = False,
) -> None:
    """List what was deleted and can still be restored."""
    found = list(connect(context).trash.list(kind))
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [
        (one.id, one.name, words.ago(one.deleted_at), words.until(one.purge_at)) for one in found
    ]
    screen.print_table(("id", "name", "deleted", "gone for good"), rows)


@group.command()
def restore(
    context: typer.Context,
    things: Annotated[list[str], typer.Argument(metavar="ID", help="Ids of any kind")],
) -> None:
    """Bring jobs, models, datasets or side files back."""
    client = connect(context)
    for one in things:
        print(f"{client.trash.restore(one).id} restored")
