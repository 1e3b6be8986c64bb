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
    where: Annotated[
        str | None, typer.Option("--filter", help="Such as: metrics.val_loss.best < 0.3")
    ] = None,
    order: Annotated[
        str | None, typer.Option("--order-by", help="A field of --filter, maybe with desc")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many")] = 20,
    as_json: Json = False,
) -> None:
    """List jobs, newest first or in the order asked for."""
    jobs = connect(context).jobs
    handles = jobs.list(state, min(limit, 200), filter=where, order_by=order)
    found = [handle.resource for handle in islice(handles, limit)]
    if as_json:
        for job in found:
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
        for job in found
    ]
    screen.print_table(("job", "state", "name", "epoch", "metrics", "created"), rows)
