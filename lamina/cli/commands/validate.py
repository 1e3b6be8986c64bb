"""`lamina validate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lamina.cli import screen
from lamina.cli.options import Data, Epochs, File, Json, Set, Target, choices
from lamina.cli.session import connect

if TYPE_CHECKING:
    from lamina.client import Client
    from lamina.client.recipe import Choices
    from lamina.schemas.plan import Plan


def command(
    context: typer.Context,
    file: File,
    data: Data = None,
    target: Target = None,
    epochs: Epochs = None,
    settings: Set = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Apply the fixes of errors and advice to the file")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="With --fix: write here instead; - is standard output"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what a training would do, without training.

    Layers, shapes, parameters, memory, advice. Without data, the stack alone is checked.
    Exit code: 0 valid, 2 not.
    """
    from lamina.cli.plans import print_plan

    if output is not None and not fix:
        raise typer.BadParameter("--output goes with --fix")
    chosen = choices(data, target, epochs, None, settings)
    client = connect(context)
    plan = (
        _fixed(client, file, chosen, output, as_json)
        if fix
        else _checked(client, file, chosen, as_json)
    )
    if str(output) == "-":
        return
    if as_json:
        screen.print_json(plan)
    else:
        print_plan(plan)


def _checked(client: "Client", what: Any, chosen: "Choices", as_json: bool) -> "Plan":
    """The plan of a file or body; data is uploaded first where there is some."""
    from lamina.cli.uploading import byte_bar
    from lamina.client.recipe import job_body

    if "dataset" not in chosen and "data" not in job_body(what, chosen):
        return client.check(what, **chosen)
    with byte_bar("upload", "the service reads it", shown=not as_json) as progress:
        return client.validate(what, progress=progress, **chosen)


def _fixed(
    client: "Client", file: Path, chosen: "Choices", output: Path | None, as_json: bool
) -> "Plan":
    """The plan after all fixes, which are written. Raises the refusal that is left."""
    from lamina import ids
    from lamina.cli.fixing import fix, write
    from lamina.cli.uploading import byte_bar, read_through
    from lamina.client.recipe import job_body

    body, dataset = job_body(file, chosen), chosen.get("dataset")
    if dataset is not None:
        if ids.kind_of(dataset) != "dataset":
            with byte_bar("upload", "the service takes it in", shown=not as_json) as progress:
                handle = client.upload(dataset, progress=progress)
            read_through(handle, shown=not as_json)
            dataset = handle.id
        body["data"] = {**(body.get("data") or {}), "dataset": dataset}
    fixed = fix(body, lambda changed: _checked(client, changed, {}, as_json))
    write(fixed, file, output)
    return fixed.result()
