"""Looking into ZIP archives without trusting them: nothing is ever extracted by name."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.dataset.limits import Limits, damaged, refusal
from engine.faults import Fault

_ENCRYPTED = 0x1
_MOST_RATIO = 1100
"""Deflate cannot do better than about 1030 to 1; what claims more is forged."""
_LOCAL_HEADER = 30
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins like this is a ZIP archive."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def names(path: Path) -> list[str]:
    """The names of all members; none when the archive cannot be opened."""
    try:
        with opened(path) as archive:
            return archive.namelist()
    except Fault:
        return []


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, open; its breakage while it is used becomes a refusal."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError) as error:
        raise damaged("The ZIP archive is damaged", error) from None
    except (NotImplementedError, RuntimeError, ValueError, IndexError) as error:
        raise refusal("unreadable", f"The ZIP archive cannot be read: {error}.") from None


def members(archive: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files of an archive, checked: number, size, encryption, links, overlap, names."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    limits.check("entries", len(entries), "Files in the archive")
    limits.check("expanded_bytes", sum(entry.file_size for entry in entries), "Bytes unpacked")
    for entry in entries:
        complaint = _complaint(entry)
        if complaint:
            raise refusal("unreadable", f"{entry.filename[:200]!r} {complaint}.")
    _check_overlap(entries)
    return entries


def _complaint(entry: zipfile.ZipInfo) -> str | None:
    if entry.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "is a symbolic link"
    if entry.compress_type not in _METHODS:
        return "is packed by an unusual method; use plain (deflated) ZIP"
    if entry.file_size > _MOST_RATIO * max(1, entry.compress_size):
        return "claims an impossible size"
    return name_complaint(entry.filename)


def name_complaint(name: str) -> str | None:
    """What is wrong with the name of a member of any archive; None when nothing is."""
    parts = name.replace("\\", "/").split("/")
    if parts[0] == "" or ".." in parts or ":" in parts[0]:
        return "points outside the archive"
    if any(len(part.encode("utf-8", "replace")) > 255 for part in parts):
        return "has too long a name"
    return None


def _check_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise refusal("unreadable", "Files of the archive overlap; it is forged or damaged.")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size
