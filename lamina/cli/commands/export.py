"""`lamina export`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli.session import connect


def command(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, mdl_…")],
    format: Annotated[str, typer.Argument(metavar="FORMAT", help="onnx, litert or saved_model")],
    to: Annotated[
        Path | None, typer.Argument(metavar="TO", help="A file or a folder; else right here")
    ] = None,
) -> None:
    """Write a model for another runtime."""
    from lamina.cli.uploading import byte_bar

    handle = connect(context).models.get(model)
    with byte_bar("download", "checking") as progress:
        path = handle.export(format, to, progress)
    print(path)
