"""A folder with one folder of files per class, as a ZIP archive."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .errors import BadSource

_PACKED = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".npz", ".gz"})
"""Suffixes of content that is compressed already."""


def write_folder(folder: Path, file: IO[bytes]) -> None:
    """Write every visible file below the class folders. Raises BadSource when there is none."""
    found = False
    with zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
        for path in _files(folder):
            found = True
            packed = path.suffix.lower() in _PACKED
            method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.write(path, path.relative_to(folder).as_posix(), method)
    if not found:
        raise BadSource(f"{str(folder)!r} has no class folders with files in them")


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if len(parts) > 1 and not hidden and path.is_file():
            yield path
