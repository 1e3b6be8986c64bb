"""The command line of Lamina."""

import sys
from typing import TextIO


def main() -> None:
    """Run the command that the arguments name; exits with the code of `outcome`."""
    from .app import build
    from .outcome import exit_code, explain

    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)
    try:
        build()()
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(explain(error), file=sys.stderr)
        sys.exit(code)


def _never_fail(stream: TextIO) -> None:
    # A terminal that knows no Unicode shows a question mark; it is no reason to stop.
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="replace")
