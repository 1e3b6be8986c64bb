"""`lamina tensorboard`."""

from pathlib import Path
from typing import Annotated

import typer

from lamina.cli.session import connect


def command(
    context: typer.Context,
    jobs: Annotated[list[str], typer.Argument(metavar="JOB", help="Ids, job_…")],
    to: Annotated[Path, typer.Option("--to", "-o", help="A folder of logs")] = Path("logs"),
) -> None:
    """Write the curves of jobs as event files of TensorBoard."""
    client = connect(context)
    for job in jobs:
        print(client.jobs.get(job).tensorboard(to))
