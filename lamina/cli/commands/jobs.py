"""`lamina jobs`."""

from itertools import islice
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.options import Json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only those in this state")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many")] = 20,
    as_json: Json = False,
) -> None:
    """List jobs, newest first."""
    handles = connect(context).jobs.list(state, page_size=min(limit, 200))
    jobs = [handle.resource for handle in islice(handles, limit)]
    if as_json:
        for job in jobs:
            screen.print_json(job)
        return
    rows = [
        (
            job.id,
            job.state,
            job.display_name,
            words.epoch(job.progress),
            words.logs({name: summary.last for name, summary in job.metrics.items()}),
            words.ago(job.created_at),
        )
        for job in jobs
    ]
    screen.print_table(("job", "state", "name", "epoch", "metrics", "created"), rows)
