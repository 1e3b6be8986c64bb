"""`lamina metrics`."""

from collections.abc import Iterator
from typing import Annotated, Any

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
    system: Annotated[
        bool, typer.Option("--system", help="What the training used of its host, by second")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="The file of Keras's CSVLogger")] = False,
    as_json: Json = False,
) -> None:
    """Show a job's metrics over its epochs, or what it used of its host."""
    from lamina.cli import watching, words

    if csv and (keys or as_json or system):
        raise typer.BadParameter("--csv goes with none of --key, --system and --json")
    handle = connect(context).jobs.get(job)
    if csv:
        print(handle.history_csv(), end="")
        return
    series = handle.metrics(keys, x="system" if system else "epoch")
    if as_json:
        screen.print_json(series)
        return
    columns = series.data
    if system:
        screen.print_table(*_usage(columns))
        return
    names = [name for name in columns if name != "epoch"]
    epochs = [int(epoch or 0) + 1 for epoch in columns.get("epoch", [])]
    lines = zip(epochs, *(map(words.number, columns[name]) for name in names), strict=True)
    screen.print_table(("epoch", *names), lines)
    if screen.is_terminal():
        watching.curve(handle, keys)


def _usage(columns: dict[str, list[Any]]) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    """Titles and lines of readings, sizes in words."""
    from lamina.cli import words

    names = [name for name in columns if name != "system"]
    writers = [words.size if name.endswith("_bytes") else words.number for name in names]
    lines = (
        (
            second,
            *(None if v is None else write(v) for write, v in zip(writers, values, strict=True)),
        )
        for second, *values in zip(columns["system"], *(columns[n] for n in names), strict=True)
    )
    return ("second", *names), lines
