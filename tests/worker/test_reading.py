"""What clients are told of files whose reading failed, and whose fault that is."""

import errno

import pytest

from core.host import EngineFailure
from worker.reading import _failure, _told


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ("crashed", "unreadable"),
        ("out-of-memory", "too-large"),
        ("timed-out", "too-large"),
        ("storage-full", None),
        ("internal", None),
    ],
)
def test_a_failure_names_the_file_where_it_is_to_blame(code: str, item: str | None) -> None:
    detail, errors = _told(EngineFailure(code, "it took longer than 60 s"))
    assert detail == "Reading it failed: it took longer than 60 s."
    assert [entry["code"] for entry in errors] == ([item] if item else [])


def test_only_a_full_disk_is_a_failure_of_the_storage() -> None:
    full = _failure(OSError(errno.ENOSPC, "No space left on device"))
    assert full.code == "storage-full"
    with pytest.raises(PermissionError):
        _failure(PermissionError(errno.EACCES, "Permission denied"))
