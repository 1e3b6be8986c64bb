"""`lamina models`."""

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.commands import evaluate, predict
from lamina.cli.help import command_group
from lamina.cli.options import Json, Permanently
from lamina.cli.session import connect

group = command_group("List, inspect and download trained models.")

Id = Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, mdl_…")]


@group.command(name="list")
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many")] = 20,
    as_json: Json = False,
) -> None:
    """List models, newest first."""
    handles = islice(connect(context).models.list(page_size=min(limit, 200)), limit)
    found = [handle.resource for handle in handles]
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [
        (
            one.id,
            one.display_name,
            one.architecture,
            words.count((one.parameters or {}).get("total")),
            one.job,
            words.ago(one.created_at),
        )
        for one in found
    ]
    screen.print_table(("model", "name", "kind", "parameters", "job", "created"), rows)


@group.command()
def show(context: typer.Context, model: Id, as_json: Json = False) -> None:
    """Show a model and the files it comes in."""
    found = connect(context).models.get(model).resource
    if as_json:
        screen.print_json(found)
        return
    screen.print_pairs(
        [
            ("model", found.id),
            ("name", found.display_name),
            ("job", found.job),
            ("dataset", found.dataset),
            ("architecture", found.architecture),
            ("parameters", words.count((found.parameters or {}).get("total"))),
            ("created", words.ago(found.created_at)),
        ]
    )
    print()
    files = [(file.format, words.size(file.bytes), file.digest) for file in found.files]
    screen.print_table(("format", "size", "sha-256"), files)
    if found.exports:
        print()
        exports = [
            (
                one.format,
                one.state,
                words.size(one.bytes) if one.bytes is not None else None,
                one.parity.runtime if one.parity else one.error,
                f"{one.parity.max_abs:.2g}" if one.parity else None,
            )
            for one in found.exports
        ]
        screen.print_table(("export", "state", "size", "proven by", "largest difference"), exports)


@group.command()
def summary(context: typer.Context, model: Id) -> None:
    """Print Keras's table of the layers."""
    print(connect(context).models.get(model).summary())


@group.command()
def code(
    context: typer.Context,
    model: Id,
    to: Annotated[
        Path | None, typer.Argument(metavar="TO", help="A file; else standard output")
    ] = None,
) -> None:
    """Write the training as a Python script that needs no service."""
    text = connect(context).models.get(model).code(to)
    print(text if to is None else to)


@group.command()
def get(
    context: typer.Context,
    model: Id,
    to: Annotated[
        Path | None, typer.Argument(metavar="TO", help="A file or a folder; else right here")
    ] = None,
    format: Annotated[str, typer.Option(help="keras, weights, json, onnx, …")] = "keras",
    checkpoint: Annotated[
        str | None, typer.Option(help="Weights that were kept: best, last or an epoch")
    ] = None,
) -> None:
    """Download a model; the content is checked against its digest."""
    from lamina.cli.uploading import byte_bar

    handle = connect(context).models.get(model)
    with byte_bar("download", "checking") as progress:
        path = handle.download(to, format, progress, checkpoint)
    print(path)


@group.command()
def embeddings(
    context: typer.Context,
    model: Id,
    layer: Annotated[str, typer.Argument(metavar="LAYER", help="The Embedding's name")],
    to: Annotated[
        Path | None, typer.Argument(metavar="TO", help="A file or a folder; else right here")
    ] = None,
    format: Annotated[str, typer.Option(help="csv, npy, tsv or metadata")] = "csv",
) -> None:
    """Download the vectors of an Embedding with their tokens."""
    print(connect(context).models.get(model).embeddings(layer, to, format))


group.command(name="predict")(predict.command)
group.command(name="evaluate")(evaluate.command)


@group.command()
def delete(context: typer.Context, model: Id, permanently: Permanently = False) -> None:
    """Delete a model with its files."""
    connect(context).models.get(model).delete(permanently=permanently)
