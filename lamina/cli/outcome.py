"""How a command ends: 0 ok, 1 the job failed, 2 usage, 3 server or connection, 4 cancelled."""

import sys

from . import words

OK, FAILED, USAGE, SERVER, CANCELLED = range(5)


def exit_code(error: Exception) -> int | None:
    """The exit code for an exception of the client; None for anything else: a bug of ours.

    What the user can put right (a refusal below 500, data that cannot be read) is usage.
    """
    if "lamina.client" not in sys.modules:  # then it cannot be one of the client's
        return None
    from lamina.client import (
        BadSource,
        DatasetFailed,
        JobCancelled,
        JobFailed,
        LaminaError,
        ProblemError,
    )

    if isinstance(error, JobFailed):
        return FAILED
    if isinstance(error, JobCancelled):
        return CANCELLED
    if isinstance(error, BadSource | DatasetFailed):
        return USAGE
    if isinstance(error, ProblemError):
        return USAGE if error.status < 500 and error.status != 429 else SERVER
    return SERVER if isinstance(error, LaminaError) else None


def explain(error: Exception) -> str:
    """What is printed of it."""
    return words.clean(f"lamina: {error}")
