"""`lamina metrics`."""

from typing import Annotated

import typer

from lamina.cli import screen
from lamina.cli.options import JobId, Json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    job: JobId,
    keys: Annotated[
        list[str] | None, typer.Option("--key", help="A metric; may be repeated")
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="The file of Keras's CSVLogger")] = False,
    as_json: Json = False,
) -> None:
    """Show a job's metrics over its epochs."""
    from lamina.cli import watching, words

    if csv and (keys or as_json):
        raise typer.BadParameter("--csv goes with neither --key nor --json")
    handle = connect(context).jobs.get(job)
    if csv:
        print(handle.history_csv(), end="")
        return
    series = handle.metrics(keys)
    if as_json:
        screen.print_json(series)
        return
    columns = series.data
    names = [name for name in columns if name != "epoch"]
    epochs = [int(epoch or 0) + 1 for epoch in columns.get("epoch", [])]
    lines = zip(epochs, *(map(words.number, columns[name]) for name in names), strict=True)
    screen.print_table(("epoch", *names), lines)
    if screen.is_terminal():
        watching.curve(handle, keys)
