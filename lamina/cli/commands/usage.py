"""`lamina usage`."""

import typer

from lamina.cli import screen
from lamina.cli.options import Json
from lamina.cli.session import connect


def command(context: typer.Context, as_json: Json = False) -> None:
    """Show what your project and your key use of what they may."""
    found = connect(context).usage()
    if as_json:
        screen.print_json(found)
        return
    amounts = [
        ("queued jobs", found.queued_jobs),
        ("running jobs", found.running_jobs),
        ("stored bytes", found.stored_bytes),
        (f"GPU seconds in {found.gpu_days:g} days", found.gpu_seconds),
        ("open uploads", found.open_uploads),
        ("webhooks", found.webhooks),
    ]
    if found.key is not None:
        amounts += [
            ("queued jobs of this key", found.key.queued_jobs),
            ("running jobs of this key", found.key.running_jobs),
            ("stored bytes of this key", found.key.stored_bytes),
            ("GPU seconds of this key", found.key.gpu_seconds),
        ]
    rows = [
        (name, f"{amount.used:.0f}", "any" if amount.limit is None else f"{amount.limit:.0f}")
        for name, amount in amounts
    ]
    screen.print_table(("of", "used", "at most"), rows)
