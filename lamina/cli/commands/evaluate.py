"""`lamina evaluate`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli import screen
from lamina.cli.commands.evaluation import show
from lamina.cli.options import Json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, mdl_…")],
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA", help="A dataset's id or name, or a file to upload, with the targets"
        ),
    ],
    as_json: Json = False,
) -> None:
    """Evaluate a model on another dataset."""
    from lamina.cli.uploading import byte_bar, read_through

    client = connect(context)
    dataset = data
    if Path(data).expanduser().exists():
        with byte_bar("upload", "the service takes it in") as progress:
            handle = client.upload(data, progress=progress)
        dataset = read_through(handle).id
    job = client.models.get(model).evaluate(dataset)
    job.wait()
    found = job.evaluation()
    if as_json:
        screen.print_json(found)
    else:
        show(found)
