"""`lamina predict`."""

from typing import Annotated

import typer

from lamina.cli.screen import print_json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, mdl_…")],
    file: Annotated[
        str, typer.Argument(help="Records as JSON, JSON lines or CSV; - reads standard input")
    ] = "-",
) -> None:
    """Predict: raw records in, one JSON line out for each."""
    from lamina.cli.records import read_records

    records = read_records(file)
    for prediction in connect(context).models.get(model).predict(records).predictions:
        print_json(prediction)
