"""`lamina watch`."""

import typer

from lamina.cli.options import JobId, Json
from lamina.cli.session import connect


def command(context: typer.Context, job: JobId, as_json: Json = False) -> None:
    """Watch a job until it ends. Ctrl-C leaves it running.

    Exit code: 0 succeeded, 1 failed, 4 cancelled.
    """
    from lamina.cli.watching import follow

    follow(connect(context).jobs.get(job), as_json)
