"""`lamina audit`."""

from itertools import islice
from typing import Annotated

import typer

from lamina.cli import screen, words
from lamina.cli.options import Json
from lamina.cli.session import connect


def command(
    context: typer.Context,
    most: Annotated[int, typer.Option(min=1, help="How many entries at most")] = 50,
    as_json: Json = False,
) -> None:
    """Show who changed what, newest first.

    It needs a key of scope admin.
    """
    found = list(islice(connect(context).audit.list(), most))
    if as_json:
        for entry in found:
            screen.print_json(entry)
        return
    rows = [
        (words.ago(one.at), one.key or "no key", one.action, one.subject or "", one.request_id)
        for one in found
    ]
    screen.print_table(("when", "key", "action", "of", "request"), rows)
