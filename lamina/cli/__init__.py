"""The command line of Lamina."""

import sys


def main() -> None:
    """Run the command that the arguments name; exits with the code of `outcome`."""
    from .app import build
    from .outcome import exit_code, explain

    try:
        build()()
    except Exception as error:
        code = exit_code(error)
        if code is None:
            raise
        print(explain(error), file=sys.stderr)
        sys.exit(code)
