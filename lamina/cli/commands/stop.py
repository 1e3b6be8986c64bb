"""`lamina stop`."""

from typing import Annotated

import typer

from lamina.cli.session import connect


def command(
    context: typer.Context,
    jobs: Annotated[list[str], typer.Argument(metavar="JOB", help="Ids, job_…")],
) -> None:
    """End jobs after their running epoch and keep the models."""
    client = connect(context)
    for job in jobs:
        found = client.jobs.get(job).stop()
        print(f"{found.id} {found.state}")
