"""`lamina validate`."""

import typer

from lamina.cli import screen
from lamina.cli.options import Data, Epochs, File, Json, Set, Target, choices
from lamina.cli.session import connect


def command(
    context: typer.Context,
    file: File,
    data: Data = None,
    target: Target = None,
    epochs: Epochs = None,
    settings: Set = None,
    as_json: Json = False,
) -> None:
    """Show what a training would do, without training.

    Layers, shapes, parameters, memory, advice. Without data, the stack alone is checked.
    Exit code: 0 valid, 2 not.
    """
    from lamina.cli.plans import print_plan
    from lamina.cli.uploading import byte_bar
    from lamina.client.recipe import job_body

    chosen = choices(data, target, epochs, None, settings)
    client = connect(context)
    if data is None and "data" not in job_body(file, chosen):
        plan = client.check(file, **chosen)
    else:
        with byte_bar("upload", "the service reads it", shown=not as_json) as progress:
            plan = client.validate(file, progress=progress, **chosen)
    if as_json:
        screen.print_json(plan)
    else:
        print_plan(plan)
