"""`lamina files`."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.help import command_group
from lamina.cli.options import Json, Permanently
from lamina.cli.session import connect

group = command_group("Upload and list the word vectors and arrays of layers.")

Id = Annotated[str, typer.Argument(metavar="FILE", help="A file's id, file_…")]


@group.command()
def add(
    context: typer.Context,
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="GloVe or word2vec text (.gz), .npy or .npz")
    ],
    name: Annotated[str | None, typer.Option(help="What to call it")] = None,
    as_json: Json = False,
) -> None:
    """Upload a side file; its id goes into the `weights` of a layer."""
    from lamina.cli.uploading import byte_bar

    client = connect(context)
    with byte_bar("upload", "the service reads it", shown=not as_json) as progress:
        found = client.files.add(path, name=name, progress=progress).resource
    if as_json:
        screen.print_json(found)
    else:
        print(f"{found.id}  {found.form}: {_holds(found.description)}")


@group.command(name="list")
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many")] = 20,
    as_json: Json = False,
) -> None:
    """List side files, newest first."""
    handles = islice(connect(context).files.list(page_size=min(limit, 200)), limit)
    found = [handle.resource for handle in handles]
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [
        (one.id, one.name, one.form, _holds(one.description), words.size(one.bytes))
        for one in found
    ]
    screen.print_table(("file", "name", "form", "holds", "size"), rows)


@group.command()
def get(
    context: typer.Context,
    file: Id,
    to: Annotated[
        Path | None, typer.Argument(metavar="TO", help="A file or a folder; else right here")
    ] = None,
) -> None:
    """Download a side file as it was uploaded."""
    print(connect(context).files.get(file).download(to))


@group.command()
def delete(context: typer.Context, file: Id, permanently: Permanently = False) -> None:
    """Delete a side file."""
    connect(context).files.get(file).delete(permanently=permanently)


def _holds(description: dict[str, object]) -> str:
    """What a file holds, in few words."""
    if "dimension" in description:
        return f"{description['words']} words, {description['dimension']} numbers each"
    arrays = description.get("arrays")
    return f"{len(arrays)} arrays" if isinstance(arrays, list) else ""
