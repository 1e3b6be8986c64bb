"""Telling a full disk from other troubles, whoever noticed it."""

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: BaseException) -> bool:
    """Whether a write failed because the file system, or the quota on it, is full."""
    return says(error, *_FULL)


def says(error: BaseException, *numbers: int) -> bool:
    """Whether an error bears one of these numbers of the operating system.

    Libraries in Rust (tables, object storage) pass them on in their text alone.
    """
    if isinstance(error, OSError) and error.errno in numbers:
        return True
    text = str(error)
    return any(f"(os error {number})" in text for number in numbers)
