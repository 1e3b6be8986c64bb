"""`lamina cancel`."""

from typing import Annotated

import typer

from lamina.cli.session import connect


def command(
    context: typer.Context,
    jobs: Annotated[list[str], typer.Argument(metavar="JOB", help="Ids, job_…")],
) -> None:
    """End jobs now and keep nothing."""
    client = connect(context)
    for job in jobs:
        found = client.jobs.get(job).cancel()
        print(f"{found.id} {found.state}")
