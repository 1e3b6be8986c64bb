"""`lamina clone`."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from lamina.cli import screen
from lamina.cli.options import Epochs, JobId, Json, Name, Set, choices
from lamina.cli.session import connect


def command(
    context: typer.Context,
    job: JobId,
    changes: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="A JSON file: a merge patch, or a JSON Patch"),
    ] = None,
    data: Annotated[
        str | None, typer.Option("--data", metavar="ID", help="Another dataset's id or name")
    ] = None,
    epochs: Epochs = None,
    name: Name = None,
    settings: Set = None,
    detach: Annotated[bool, typer.Option("--detach", help="Submit and leave it running")] = False,
    as_json: Json = False,
) -> None:
    """Submit a job again, with changes, and watch it.

    Lists take an index: --set stack.layers.1.units=64.
    Exit code: 0 succeeded, 1 failed, 4 cancelled.
    """
    from lamina.cli.watching import follow

    chosen = choices(data, None, epochs, name, settings)
    if not chosen["settings"]:
        del chosen["settings"]
    if changes is not None and chosen:
        raise typer.BadParameter("--changes goes with no other change")
    found = connect(context).jobs.get(job).clone(_read(changes), **chosen)
    if not detach:
        follow(found, as_json)
    elif as_json:
        screen.print_json(found.resource)
    else:
        print(found.id)
        screen.note(f"watch it: lamina watch {found.id}")


def _read(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"{str(path)!r} cannot be read as JSON: {error}") from error
