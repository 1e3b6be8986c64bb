"""Flat files within gzip: unpacked to the scratch folder before anything else looks at them."""

import gzip
import zlib
from pathlib import Path

from engine.dataset.limits import Limits, refusal

_MAGIC = b"\x1f\x8b"
_SUFFIXES = (".gz", ".gzip")
_CHUNK = 1 << 20


def unpacked(path: Path, filename: str | None, limits: Limits, to: Path) -> tuple[Path, str | None]:
    """The file itself, or what its gzip holds, written to `to`, and the name without `.gz`.

    Raises Fault("invalid-dataset") for a damaged archive, and for one that unpacks to more than
    the limit: no more than that is ever written.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return path, filename
    _unpack(path, to, limits.expanded_bytes, limits)
    return to, _without(filename)


def beginning(path: Path, filename: str | None, to: Path) -> tuple[Path, str | None]:
    """As `unpacked`, but only as much as is needed to tell the format."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return path, filename
    _unpack(path, to, _CHUNK, None)
    return to, _without(filename)


def _unpack(path: Path, to: Path, most: int, limits: Limits | None) -> None:
    written = 0
    try:
        with gzip.open(path) as packed, to.open("wb") as out:
            while written < most or limits:
                chunk = packed.read(_CHUNK)
                if not chunk:
                    return
                written += len(chunk)
                if limits:
                    limits.check("expanded_bytes", written, "Bytes unpacked")
                out.write(chunk)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal("unreadable", f"The gzip archive is damaged: {error}.") from None


def _without(filename: str | None) -> str | None:
    for suffix in _SUFFIXES:
        if filename and filename.lower().endswith(suffix):
            return filename[: -len(suffix)]
    return filename
