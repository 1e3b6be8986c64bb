"""`lamina train`."""

from typing import Annotated

import typer

from lamina.cli import screen
from lamina.cli.options import Data, Epochs, File, Json, Name, Set, Target, choices
from lamina.cli.session import connect


def command(
    context: typer.Context,
    file: File,
    data: Data = None,
    target: Target = None,
    epochs: Epochs = None,
    name: Name = None,
    settings: Set = None,
    detach: Annotated[bool, typer.Option("--detach", help="Submit and leave it running")] = False,
    as_json: Json = False,
) -> None:
    """Upload the data if need be, submit a training, watch it.

    Ctrl-C leaves the job running. Exit code: 0 succeeded, 1 failed, 4 cancelled.
    """
    from lamina.cli.uploading import byte_bar
    from lamina.cli.watching import follow

    chosen = choices(data, target, epochs, name, settings)
    client = connect(context)
    with byte_bar("upload", "the service reads it", shown=not as_json) as progress:
        job = client.train(file, progress=progress, **chosen)
    if not detach:
        follow(job, as_json)
    elif as_json:
        screen.print_json(job.resource)
    else:
        print(job.id)
        screen.note(f"watch it: lamina watch {job.id}")
