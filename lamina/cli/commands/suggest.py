"""`lamina suggest`."""

import json
from typing import Annotated

import typer

from lamina.cli import screen
from lamina.cli.options import Json, Target
from lamina.cli.session import connect


def command(
    context: typer.Context,
    data: Annotated[
        str,
        typer.Argument(
            metavar="DATA", help="A dataset's id, or a file or folder to upload", show_default=False
        ),
    ],
    target: Target = None,
    as_json: Json = False,
) -> None:
    """Write a job body that suits the data.

    The body goes to standard output, ready for `lamina train`; the reasons beside it.
    """
    from lamina.cli.uploading import byte_bar

    with byte_bar("upload", "the service reads it", shown=not as_json) as progress:
        found = connect(context).suggest(data, target=target, progress=progress)
    if as_json:
        screen.print_json(found)
        return
    print(json.dumps(found.request, indent=2, ensure_ascii=False))
    for reason in found.reasons:
        screen.note(f"{reason.pointer}: {reason.because}")
