"""Arguments and options that several commands share."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from lamina.client.recipe import Choices

JobId = Annotated[str, typer.Argument(metavar="JOB", help="A job's id, job_…", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON lines instead of text")]
Permanently = Annotated[bool, typer.Option("--permanently", help="For good, not into the trash")]
File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="A job, a stack or Keras's to_json(), as JSON", show_default=False
    ),
]
Data = Annotated[
    str | None,
    typer.Option("--data", metavar="PATH|ID", help="A dataset's id, or a file or folder to upload"),
]
Target = Annotated[str | None, typer.Option(help="The column to predict")]
Epochs = Annotated[int | None, typer.Option(min=1, help="How many epochs")]
Name = Annotated[str | None, typer.Option(help="What to call the job")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="Any field of the job, as compile.optimizer.learning_rate=1e-4; may be repeated",
    ),
]


def choices(
    data: str | None,
    target: str | None,
    epochs: int | None,
    name: str | None,
    settings: list[str] | None,
) -> "Choices":
    """The options as the client takes them."""
    given = {"dataset": data, "target": target, "epochs": epochs, "display_name": name}
    chosen: Any = {field: value for field, value in given.items() if value is not None}
    chosen["settings"] = dict(map(setting, settings or []))
    return chosen  # type: ignore[no-any-return]


def setting(text: str) -> tuple[str, Any]:
    """A path and its value, read as JSON where it is some. Raises typer.BadParameter."""
    path, sign, value = text.partition("=")
    if not sign or not all(path.split(".")):
        raise typer.BadParameter(f"{text!r} is not of the form field.field=value")
    try:
        return path, json.loads(value)
    except ValueError:
        return path, value
