"""Looking into TAR archives without trusting them: nothing is ever extracted by name."""

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.dataset.limits import Limits, damaged, refusal
from engine.formats._zip import name_complaint

_HEADER = 512


def is_tar(head: bytes) -> bool:
    """Whether a file that begins like this is a TAR archive: its first header has a right sum."""
    if len(head) < _HEADER or not head[0]:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:_HEADER], "utf-8", "surrogateescape")
    except (tarfile.TarError, ValueError, OverflowError):
        return False
    return True


@contextmanager
def opened(path: Path) -> Iterator[tarfile.TarFile]:
    """The archive, open; its breakage while it is used becomes a refusal."""
    try:
        with tarfile.open(path, "r:", encoding="utf-8") as archive:
            yield archive
    except (tarfile.TarError, EOFError, OSError, RecursionError) as error:
        raise damaged("The TAR archive is damaged", error) from None
    except (ValueError, OverflowError) as error:
        raise refusal("unreadable", f"The TAR archive cannot be read: {error}.") from None


def members(archive: tarfile.TarFile, limits: Limits) -> Iterator[tarfile.TarInfo]:
    """The files of an archive, checked: number, size, order, kind and name of every member."""
    total, end = 0, 0
    for count, entry in enumerate(archive, start=1):
        limits.check("entries", count, "Members of the archive")
        complaint = _complaint(entry, end)
        if complaint:
            raise refusal("unreadable", f"{entry.name[:200]!r} {complaint}.")
        end = entry.offset_data
        total += entry.size
        limits.check("expanded_bytes", total, "Bytes unpacked")
        if entry.isreg():
            yield entry


def content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    """What a file of the archive holds."""
    file = archive.extractfile(entry)
    data = file.read() if file else b""
    if len(data) != entry.size:
        raise refusal("unreadable", f"{entry.name[:200]!r} ends too early.")
    return data


def _complaint(entry: tarfile.TarInfo, end: int) -> str | None:
    # A forged negative size leads the reader of older Pythons round in circles.
    if entry.size < 0 or entry.offset_data <= end:
        return "claims an impossible size"
    if entry.issym() or entry.islnk():
        return "is a link"
    if entry.issparse():
        return "is a sparse file; pack it as a plain one"
    if not (entry.isreg() or entry.isdir()):
        return "is a device or a pipe"
    return name_complaint(entry.name)
