"""Files within gzip or Zstandard: unpacked to the scratch folder before anything looks at them."""

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from backports import zstd

from engine.dataset.limits import Limits, damaged

_SUFFIXES = {".tgz": ".tar", ".gz": "", ".gzip": "", ".zst": "", ".zstd": ""}
_CHUNK = 1 << 20
_WINDOW = 27
"""Zstandard may ask for a window of 2 GiB; 128 MiB is what its own tool unpacks unasked."""


def _zstandard(path: Path) -> zstd.ZstdFile:
    options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW}
    return zstd.open(path, "rb", options=options)


_PACKERS: dict[bytes, tuple[str, Callable[[Path], Any]]] = {
    b"\x1f\x8b": ("gzip", gzip.open),
    b"\x28\xb5\x2f\xfd": ("Zstandard", _zstandard),
}


def unpacked(path: Path, filename: str | None, limits: Limits, to: Path) -> tuple[Path, str | None]:
    """The file itself, or what it holds packed, written to `to`, and the name without `.gz`.

    Raises Fault("invalid-dataset") for a damaged archive, and for one that unpacks to more than
    the limit: no more than that is ever written.
    """
    return _unpacked(path, filename, to, limits)


def beginning(path: Path, filename: str | None, to: Path) -> tuple[Path, str | None]:
    """As `unpacked`, but only as much as is needed to tell the format."""
    return _unpacked(path, filename, to, None)


def _unpacked(
    path: Path, filename: str | None, to: Path, limits: Limits | None
) -> tuple[Path, str | None]:
    with path.open("rb") as file:
        head = file.read(8)
    for magic, (name, opened) in _PACKERS.items():
        if head.startswith(magic):
            try:
                with opened(path) as packed, to.open("wb") as out:
                    _copy(packed, out, limits)
            except (OSError, EOFError, zlib.error, zstd.ZstdError) as error:
                raise damaged(f"The {name} archive is damaged", error) from None
            return to, _without(filename)
    return path, filename


def _copy(packed: IO[bytes], out: IO[bytes], limits: Limits | None) -> None:
    written = 0
    while limits or written < _CHUNK:
        chunk = packed.read(_CHUNK)
        if not chunk:
            return
        written += len(chunk)
        if limits:
            limits.check("expanded_bytes", written, "Bytes unpacked")
        out.write(chunk)


def _without(filename: str | None) -> str | None:
    for suffix, instead in _SUFFIXES.items():
        if filename and filename.lower().endswith(suffix):
            return filename[: -len(suffix)] + instead
    return filename
