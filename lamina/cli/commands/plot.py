"""`lamina plot`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli import screen
from lamina.cli.options import JobId
from lamina.cli.session import connect


def command(
    context: typer.Context,
    job: JobId,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Such as curves; left out, a list")
    ] = None,
    to: Annotated[
        Path | None,
        typer.Argument(metavar="TO", help="A file (.svg or .png) or a folder; else right here"),
    ] = None,
    output: Annotated[str | None, typer.Option(help="Of several outputs, which")] = None,
    width: Annotated[int | None, typer.Option(help="Of a PNG, in pixels")] = None,
) -> None:
    """Draw a job: curves, confusion matrix, ROC."""
    handle = connect(context).jobs.get(job)
    if name is None:
        screen.print_table(("plot", "shows"), [(one.name, one.title) for one in handle.plots()])
        return
    print(handle.plot(name, to, output, width))
