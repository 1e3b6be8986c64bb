"""Whose fault an error in a reader is."""

import errno
import json

import polars as pl
import pytest

from engine.dataset.limits import Limits, damaged, refusal
from engine.faults import Fault
from engine.formats._door import door


def code_of(error: BaseException) -> str:
    """The code of the refusal that the door makes of an error; else the error comes out."""
    with pytest.raises(Fault) as caught, door():
        raise error
    assert caught.value.code == "invalid-dataset"
    return caught.value.items[0].code


class PanicException(BaseException):
    """As those of native readers, which have no name to import."""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SystemError("invalid maximum character passed to PyUnicode_New"), "unreadable"),
        (pl.exceptions.ColumnNotFoundError("a"), "unreadable"),
        (KeyError("a"), "unreadable"),
        (RecursionError(), "unreadable"),
        (PanicException("index out of bounds"), "unreadable"),
        (OSError(errno.EFBIG, "File too large"), "too-large"),
        (pl.exceptions.ComputeError("IO error: File too large (os error 27)"), "too-large"),
        (refusal("empty", "No rows."), "empty"),
    ],
)
def test_files_are_refused(error: BaseException, code: str) -> None:
    assert code_of(error) == code


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        pl.exceptions.ComputeError("IO error: No space left on device (os error 28)"),
        KeyboardInterrupt(),
    ],
)
def test_the_file_is_not_blamed_for_the_host(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, door():
        raise error
    assert caught.value is error
    if isinstance(error, Exception) and not isinstance(error, MemoryError):
        assert damaged("The file cannot be read", error) is error


def test_mistakes_of_our_own_come_out() -> None:
    with pytest.raises(AttributeError), door():
        Limits().check("no-such-limit", 1, "Rows")
    with pytest.raises(Fault, match="no attribute"), door():
        json.load(object())  # type: ignore[arg-type]
