"""`lamina metrics`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamina.cli import screen
from lamina.cli.options import JobId, Json
from lamina.cli.session import connect

if TYPE_CHECKING:
    from lamina.client.blocking import Blocking
    from lamina.client.job import JobHandle


def command(
    context: typer.Context,
    job: JobId,
    keys: Annotated[
        list[str] | None, typer.Option("--key", help="A metric; may be repeated")
    ] = None,
    system: Annotated[
        bool, typer.Option("--system", help="What the training used of its host, by second")
    ] = False,
    range_test: Annotated[
        bool, typer.Option("--range-test", help="Losses by learning rate, where one was found")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="The file of Keras's CSVLogger")] = False,
    as_json: Json = False,
) -> None:
    """Show a job's metrics, or what it used of its host."""
    from lamina.cli import watching, words

    if csv and (keys or as_json or system or range_test):
        raise typer.BadParameter("--csv goes with none of --key, --system, --range-test and --json")
    if range_test and (keys or system):
        raise typer.BadParameter("--range-test goes with neither --key nor --system")
    handle = connect(context).jobs.get(job)
    if range_test:
        _show_range_test(handle, as_json)
        return
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


def _show_range_test(handle: "JobHandle[Blocking]", as_json: bool) -> None:
    """The rates that were tried, the losses, and the rate that was chosen."""
    from lamina.cli import words
    from lamina.cli.curve import draw

    found = handle.range_test()
    if found is None:
        screen.note("the job has no range test: its learning rate is not left to the service")
        raise typer.Exit(1)
    if as_json:
        screen.print_json(found)
        return
    columns = (found.rates, found.losses, found.smoothed)
    lines = [tuple(map(words.number, line)) for line in zip(*columns, strict=True)]
    screen.print_table(("learning rate", "loss", "smoothed"), lines)
    print(f"\nlearning rate {words.number(found.learning_rate)}")
    if screen.is_terminal():
        ends = (words.number(found.rates[0]), words.number(found.rates[-1]))
        screen.console().print(draw({"loss": found.smoothed}, ends=ends), end="")
