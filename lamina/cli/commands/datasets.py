"""`lamina datasets`."""

from itertools import islice
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.help import command_group
from lamina.cli.options import Json, Permanently
from lamina.cli.session import connect
from lamina.cli.summary import summary
from lamina.schemas.dataset import Dataset
from lamina.schemas.plan import Advice

group = command_group("Upload, list and inspect datasets.")

Id = Annotated[str, typer.Argument(metavar="DATASET", help="A dataset's id, ds_…")]


@group.command()
def add(
    context: typer.Context,
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="A file, a folder with a folder for each class, or a URL"
        ),
    ],
    name: Annotated[str | None, typer.Option(help="What to call it")] = None,
    as_json: Json = False,
) -> None:
    """Upload a dataset and wait until it was read."""
    from lamina.cli.uploading import byte_bar, read_through

    client = connect(context)
    with byte_bar("upload", "the service takes it in", shown=not as_json) as progress:
        handle = client.upload(path, name=name, progress=progress)
    _tell(read_through(handle, shown=not as_json), as_json)


@group.command()
def samples(context: typer.Context, as_json: Json = False) -> None:
    """List the small datasets that the service can make by itself."""
    found = list(connect(context).datasets.samples())
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [(one.name, words.count(one.rows), one.target, one.summary) for one in found]
    screen.print_table(("sample", "rows", "target", "what it is"), rows)


@group.command()
def sample(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which of `lamina datasets samples`")],
    as_json: Json = False,
) -> None:
    """Make a sample and wait until it was read."""
    _tell(connect(context).datasets.sample(name).wait(), as_json)


@group.command(name="list")
def list_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="At most so many")] = 20,
    name: Annotated[str | None, typer.Option(help="The versions of one name")] = None,
    as_json: Json = False,
) -> None:
    """List datasets, newest first."""
    handles = islice(connect(context).datasets.list(name, page_size=min(limit, 200)), limit)
    found = [handle.resource for handle in handles]
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [
        (
            one.id,
            one.state,
            one.name or one.filename,
            one.version,
            one.format,
            words.count(one.rows),
            words.size(one.bytes),
            words.ago(one.created_at),
        )
        for one in found
    ]
    screen.print_table(
        ("dataset", "state", "name", "version", "format", "rows", "size", "created"), rows
    )


@group.command()
def show(context: typer.Context, dataset: Id, as_json: Json = False) -> None:
    """Show a dataset and its columns."""
    found = connect(context).datasets.get(dataset).resource
    if as_json:
        screen.print_json(found)
        return
    screen.print_pairs(
        [
            ("dataset", found.id),
            ("state", found.state),
            ("error", found.error.detail if found.error else None),
            ("name", found.name),
            ("version", found.version),
            ("file", found.filename),
            ("format", found.format),
            ("rows", words.count(found.rows)),
            ("size", words.size(found.bytes)),
            ("sha-256", found.digest),
            ("same as", found.duplicate_of),
        ]
    )
    if found.columns:
        print()
        rows = [
            (column.name, column.kind, column.dtype, column.missing or "", column.distinct)
            for column in found.columns
        ]
        screen.print_table(("column", "kind", "type", "missing", "distinct"), rows)
    _print_advice(found.advice)


@group.command()
def report(context: typer.Context, dataset: Id, as_json: Json = False) -> None:
    """Show what was found in the data, and why it matters."""
    found = connect(context).datasets.get(dataset).advice
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    for one in found:
        print(f"{one.severity}: {words.clean(one.detail)}  [{one.rule}]")
        print(f"  why: {one.why}")
        if one.handling:
            print(f"  the service: {one.handling}")
    if not found:
        print("Nothing was found.")


@group.command()
def stats(
    context: typer.Context,
    dataset: Id,
    columns: Annotated[
        list[str] | None, typer.Argument(metavar="COLUMN", help="Of these columns alone")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the statistics of the columns."""
    found = connect(context).datasets.get(dataset).stats(*(columns or []))
    if as_json:
        screen.print_json(found)
        return
    screen.print_table(
        ("column", "kind", "present", "missing", "unique", "what it holds"),
        [
            (one.name, one.kind, one.count, one.missing or "", one.unique, summary(one))
            for one in found.columns
        ],
    )


@group.command()
def preview(
    context: typer.Context,
    dataset: Id,
    rows: Annotated[int | None, typer.Option(min=1, help="How many")] = None,
    as_json: Json = False,
) -> None:
    """Show the first rows."""
    found = connect(context).datasets.get(dataset).preview(rows)
    if as_json:
        for row in found.rows:
            screen.print_json(row)
        return
    names = list(dict.fromkeys(name for row in found.rows for name in row))
    screen.print_table(names, [[_short(row.get(name)) for name in names] for row in found.rows])


@group.command()
def delete(context: typer.Context, dataset: Id, permanently: Permanently = False) -> None:
    """Delete a dataset."""
    connect(context).datasets.get(dataset).delete(permanently=permanently)


def _tell(found: Dataset, as_json: bool) -> None:
    if as_json:
        screen.print_json(found)
    else:
        print(f"{found.id}  {words.count(found.rows)} rows, {len(found.columns or [])} columns")


def _print_advice(advice: list[Advice]) -> None:
    if advice:
        print()
    for one in advice:
        print(f"{one.severity}: {words.clean(one.detail)}  [{one.rule}]")


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else text[:39] + "…"
