"""A folder of arrays: complete or absent, checked before it is believed.

`arrays.bin` holds the arrays one after another, each at a multiple of 4096 bytes; `manifest.json`
says where each lies, its CRC-32, the size and time of the file when it was written, and whatever
else belongs to the arrays.
"""

import fcntl
import json
import os
import shutil
import time
import zlib
from collections.abc import Mapping as Named
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import numpy as np

from engine.arrays.mapped import Mapped, Mapping
from engine.dataset.content import Array

DRAFT = ".draft-"
_VERSION = 1
_PAGE = 4096
_TRUSTED_SECONDS = 86_400
_PIECE = 8 << 20
_FREE_SHARE, _FREE_BYTES = 0.05, 1 << 30

Shape = tuple[int, ...]
Layout = dict[str, tuple[Shape, Any]]


class Damaged(Exception):
    """An entry is incomplete, or its bytes are not those that were written."""


class Draft:
    """An entry being written, into a folder that nobody else looks at.

    All room is taken at once, so that a full disk is known before anything is computed. Raises
    OSError when there is none.
    """

    def __init__(self, parent: Path, layout: Layout) -> None:
        self.folder = parent / f"{DRAFT}{uuid4().hex}"
        self._places: dict[str, dict[str, Any]] = {}
        at = 0
        for name, (shape, given) in layout.items():
            dtype = np.dtype(given)
            size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
            self._places[name] = {
                **{"offset": at, "bytes": size, "shape": list(shape), "dtype": dtype.str},
                **{"rows": 0, "crc": 0, "least": None, "most": None},
            }
            at += -(-size // _PAGE) * _PAGE
        self.bytes = max(at, _PAGE)
        self._file = self._made(parent)

    def _made(self, parent: Path) -> IO[bytes]:
        room = shutil.disk_usage(parent)
        if room.free < self.bytes + min(_FREE_BYTES, int(room.total * _FREE_SHARE)):
            raise OSError(28, "No room for encoded data")
        file = self._held()
        try:
            os.posix_fallocate(file.fileno(), 0, self.bytes)
        except BaseException:
            file.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return file

    def _held(self) -> IO[bytes]:
        """The file, locked so that whoever tidies up leaves it alone.

        Until then the folder looks like that of a process that was killed, and may be gone again.
        """
        path = self.folder / "arrays.bin"
        while True:
            self.folder.mkdir(exist_ok=True)
            try:
                file = path.open("w+b")
            except FileNotFoundError:
                continue
            fcntl.flock(file, fcntl.LOCK_SH)
            if path.exists():
                return file
            file.close()

    def write(self, name: str, rows: Array) -> None:
        """Append rows to an array. Raises ValueError for rows of another shape or dtype."""
        place = self._places[name]
        if list(rows.shape[1:]) != place["shape"][1:] or rows.dtype.str != place["dtype"]:
            raise ValueError(f"{name}: {rows.dtype} {rows.shape} after {place}")
        data = np.ascontiguousarray(rows).reshape(-1).view(np.uint8).data
        size = place["bytes"] // max(1, place["shape"][0])
        at = place["offset"] + place["rows"] * size
        place["rows"] += len(rows)
        if place["rows"] > place["shape"][0]:
            raise ValueError(f"{name}: more than {place['shape'][0]} rows")
        place["crc"] = zlib.crc32(data, place["crc"])
        _widen(place, rows)
        while data:
            written = os.pwrite(self._file.fileno(), data, at)
            data, at = data[written:], at + written

    def finish(self, told: Named[str, Any]) -> None:
        """Make it lasting, with what is told of the arrays."""
        for name, place in self._places.items():
            if place["rows"] != place["shape"][0]:
                raise ValueError(f"{name}: {place['rows']} of {place['shape'][0]} rows")
        os.fsync(self._file.fileno())
        manifest = {
            "version": _VERSION,
            "file": _stamp(self._file.fileno()),
            "checked_at": time.time(),
            "arrays": self._places,
            "told": told,
        }
        with (self.folder / "manifest.json").open("w", encoding="utf-8") as file:
            json.dump(manifest, file)
            file.flush()
            os.fsync(file.fileno())
        sync(self.folder)

    def discard(self) -> None:
        """Remove it."""
        self._file.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        """Let go of the file, which has its final name by now."""
        self._file.close()


def _widen(place: dict[str, Any], rows: Array) -> None:
    """Note the smallest and the largest number, NaN once there is one."""
    if rows.size and rows.dtype.kind in "iufb":
        for name, found in (("least", rows.min().item()), ("most", rows.max().item())):
            known = found if place[name] is None else place[name]
            choose = np.minimum if name == "least" else np.maximum
            place[name] = choose(known, found).item()


def sync(folder: Path) -> None:
    """Make the names within a folder lasting."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stamp(handle: int) -> list[int]:
    found = os.fstat(handle)
    return [found.st_size, found.st_mtime_ns]


class Entry:
    """A finished entry. While it is open it is locked against removal, and mapped."""

    def __init__(self, folder: Path) -> None:
        """Raises FileNotFoundError where there is none, Damaged where it is not whole."""
        self.folder = folder
        self._file = (folder / "arrays.bin").open("rb")
        try:
            fcntl.flock(self._file, fcntl.LOCK_SH)
            self._manifest = _manifest(folder / "manifest.json")
            self._check()
            self._mapping = Mapping(folder / "arrays.bin")
            os.utime(folder)
        except BaseException:
            self._file.close()
            raise

    @property
    def told(self) -> dict[str, Any]:
        """What was told of the arrays."""
        found: dict[str, Any] = self._manifest["told"]
        return found

    @property
    def bytes(self) -> int:
        """The bytes of all arrays."""
        return sum(place["bytes"] for place in self._manifest["arrays"].values())

    @property
    def names(self) -> list[str]:
        """The names of the arrays."""
        return list(self._manifest["arrays"])

    def held(self, name: str) -> Array:
        """An array, all of it in memory."""
        return np.array(self.mapped(name))

    def viewed(self, name: str) -> Array:
        """An array as NumPy's own, in the file."""
        return np.asarray(self.mapped(name))

    def mapped(self, name: str) -> Mapped:
        """An array that is read from the file piece by piece."""
        place = self._manifest["arrays"][name]
        shape, bounds = tuple(place["shape"]), (place["least"], place["most"])
        return Mapped(self._mapping, place["offset"], shape, place["dtype"], bounds)

    def close(self) -> None:
        """Let it be removed; arrays that are still in use stay readable."""
        self._file.close()

    def _check(self) -> None:
        """Compare with the manifest: the bytes too, unless they were compared of late."""
        handle = self._file.fileno()
        size, changed = self._manifest["file"]
        now = _stamp(handle)
        if now[0] != size:
            raise Damaged("arrays.bin has another size")
        if now[1] == changed and time.time() - self._manifest["checked_at"] < _TRUSTED_SECONDS:
            return
        for name, place in self._manifest["arrays"].items():
            if _crc(handle, place["offset"], place["bytes"]) != place["crc"]:
                raise Damaged(f"the bytes of {name} have changed")
        _renew(self.folder, {**self._manifest, "file": now, "checked_at": time.time()})


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != _VERSION or not {"file", "arrays", "told"} <= set(found):
            raise Damaged("the manifest is of another version")
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("the manifest cannot be read") from error
    return found


def _crc(handle: int, at: int, size: int) -> int:
    found, end = 0, at + size
    while at < end:
        data = os.pread(handle, min(_PIECE, end - at), at)
        if not data:
            return -1
        found, at = zlib.crc32(data, found), at + len(data)
    return found


def _renew(folder: Path, manifest: dict[str, Any]) -> None:
    staged = folder / f"manifest-{uuid4().hex}"
    try:
        staged.write_text(json.dumps(manifest), encoding="utf-8")
        staged.rename(folder / "manifest.json")
    except OSError:  # a full disk: it is compared again the next time
        staged.unlink(missing_ok=True)
