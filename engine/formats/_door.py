"""The door of the readers: whatever a file brings about in them becomes a refusal with a code."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.dataset.limits import damaged, refusal
from engine.faults import Fault
from lamina.fullness import is_full, says

_ENGINE = str(Path(__file__).parents[1])
_MISTAKES = (AssertionError, AttributeError, NameError, ImportError, NotImplementedError)
"""What no file can cause in our own code, only we."""


@contextmanager
def door() -> Iterator[None]:
    """Refuse the file for any error that comes out of the block.

    Passed on as they are: refusals, exhausted memory, a full disk, and mistakes of our own code,
    as far as they can be told from damage to the file.
    """
    try:
        yield
    except (Fault, MemoryError):
        raise
    except Exception as error:
        if says(error, errno.EFBIG):
            detail = "Unpacked, the data takes more than the limit of the service."
            raise refusal("too-large", detail) from None
        if is_full(error) or _is_ours(error):
            raise
        raise damaged("The file cannot be read", error) from error
    except BaseException as error:
        # Crashes of native readers derive from nothing else.
        if type(error).__name__ != "PanicException":
            raise
        raise refusal("unreadable", "The file is damaged: its reader gave up.") from None


def _is_ours(error: Exception) -> bool:
    """Whether an error began in our own code, as one of the kinds that are always mistakes."""
    if not isinstance(error, _MISTAKES):
        return False
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_code.co_filename.startswith(_ENGINE)
