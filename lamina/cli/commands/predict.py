"""`lamina predict`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli.screen import print_json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model's id, mdl_…")],
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Records as JSON, JSON lines or CSV, an array as .npy, or images; else standard"
            " input",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="Take FILE as a dataset (its id, its name, or a file to upload), predict for all"
            " of it in a job, and write the table here: .csv or .parquet",
        ),
    ] = None,
) -> None:
    """Predict for records, an array or images.

    One JSON line comes out for each.
    """
    names = files or ["-"]
    if output is not None:
        if len(names) > 1:
            from lamina.client.errors import BadSource

            raise BadSource("--output takes one FILE, of all records")
        print(_whole(context, model, names[0], output))
        return
    from lamina.cli.records import read_given

    for prediction in connect(context).models.predict(model, read_given(names)).predictions:
        print_json(prediction)


def _whole(context: typer.Context, model: str, file: str, output: Path) -> Path:
    from lamina.cli.uploading import byte_bar, read_through

    client = connect(context)
    dataset = file
    if Path(file).expanduser().exists():
        with byte_bar("upload", "the service takes it in") as progress:
            handle = client.upload(file, progress=progress)
        dataset = read_through(handle).id
    job = client.models.get(model).predictions(dataset)
    job.wait()
    return job.predictions(output)
