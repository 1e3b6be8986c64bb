"""`lamina split`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.options import JobId, Json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    job: JobId,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="A file; its name ends in .csv, .json, .npy or .parquet"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show or write how the rows of a job are divided."""
    handle = connect(context).jobs.get(job)
    if out is not None:
        print(handle.split_file(out))
        return
    found = handle.split()
    if as_json:
        screen.print_json(found)
        return
    by = f"{found.by} {words.clean(found.column)}" if found.column else found.by
    screen.print_pairs([("by", by), ("seed", found.seed)])
    lines = [(name, words.count(part.count), part.dataset) for name, part in found.parts.items()]
    screen.print_table(("part", "rows", "dataset"), lines)
