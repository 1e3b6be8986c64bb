"""`lamina convert`."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from lamina.cli.options import File
from lamina.cli.session import connect


class Form(StrEnum):
    """The forms of a stack."""

    short = "short"
    keras = "keras"


def command(
    context: typer.Context,
    file: File,
    to: Annotated[Form, typer.Option(help="short, or keras as model.to_json() writes it")],
) -> None:
    """Write a stack in another form to standard output.

    Keras loads its own form with keras.models.model_from_json. Of a job the stack is taken.
    """
    found = connect(context).convert(file, to.value)
    print(json.dumps(found, indent=2, ensure_ascii=False))
