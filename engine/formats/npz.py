"""NumPy's archives of arrays."""

import io
import math
import zipfile
from pathlib import Path
from typing import IO, Any

import numpy as np

from engine.dataset.content import Array, Content
from engine.dataset.limits import Limits, refusal
from engine.formats._base import Format, Report
from engine.formats._damage import DAMAGE
from engine.formats._zip import is_zip, members, names, opened

_KINDS = "biuf"
_WORDS = "US"
_CHUNK = 1 << 24
_LAST = 0x10FFFF
_HALVES = (0xD800, 0xDFFF)
"""Unicode ends there, and these are halves of pairs of UTF-16, no characters."""


class Npz(Format):
    """An archive as `numpy.savez` writes it: each array is a column, the first axis the rows.

    Arrays of numbers or booleans of any shape; arrays of one axis become plain columns (text
    too). All first axes must be equal. Arrays of Python objects are refused.
    """

    extensions = frozenset({".npz"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """A ZIP archive of `.npy` members only."""
        found = names(path) if is_zip(head) else []
        return bool(found) and all(name.endswith(".npy") for name in found)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Check every header, then read the numbers."""
        del scratch
        with opened(path) as archive:
            entries = members(archive, limits)
            limits.check("columns", len(entries), "Arrays")
            arrays: dict[str, Array] = {}
            for done, entry in enumerate(entries, start=1):
                arrays[entry.filename.removesuffix(".npy")] = read_member(archive, entry, limits)
                report(done, len(entries))
        return _content(arrays, limits)

    @classmethod
    def example(cls) -> bytes:
        """An array column, a number column and a text column of three rows."""
        buffer = io.BytesIO()
        x = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
        np.savez(buffer, x=x, y=np.array([0, 1, 0]), z=np.array(["a", "b", "a"]))
        return buffer.getvalue()


def read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Array:
    """One array of the archive. Raises Fault("invalid-dataset")."""
    name = entry.filename.removesuffix(".npy")
    with archive.open(entry) as file:
        try:
            shape, fortran, dtype = _header(file)
        except DAMAGE as error:
            raise refusal("unreadable", f"Array {name!r} has a broken header: {error}.") from None
        _check(name, shape, dtype, limits)
        expected = math.prod(shape) * dtype.itemsize
        rest = entry.file_size - file.tell()
        if expected != rest:
            raise refusal(
                "unreadable", f"Array {name!r} claims {expected:,} bytes and holds {rest:,}."
            )
        flat = _numbers(file, name, math.prod(shape), dtype)
    array = flat.reshape(shape, order="F" if fortran else "C")
    return np.ascontiguousarray(array, dtype=dtype.newbyteorder("="))


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    if version == (2, 0):
        return np.lib.format.read_array_header_2_0(file)
    raise ValueError(f"version {version} is not known")


def _check(name: str, shape: tuple[int, ...], dtype: np.dtype[Any], limits: Limits) -> None:
    if dtype.kind not in _KINDS + _WORDS or not dtype.itemsize:
        raise refusal(
            "unreadable",
            f"Array {name!r} has dtype {dtype}; only numbers, booleans and text are taken.",
        )
    if not shape or any(size < 1 for size in shape):
        raise refusal("empty", f"Array {name!r} has shape {shape}: it holds no rows.")
    limits.check("rows", shape[0], f"Rows of {name!r}")
    limits.check("expanded_bytes", math.prod(shape) * dtype.itemsize, f"Bytes of {name!r}")
    if dtype.kind in _WORDS:
        limits.check("cell_bytes", dtype.itemsize, f"Bytes in a value of {name!r}")
        if len(shape) != 1:
            raise refusal("unreadable", f"Text array {name!r} must have one axis, not {shape}.")


def _numbers(file: IO[bytes], name: str, count: int, dtype: np.dtype[Any]) -> Array:
    flat = np.empty(count, dtype=dtype)
    into: Any = memoryview(flat.view(np.uint8))  # type: ignore[arg-type]
    filled = 0
    while filled < len(into):
        piece = file.read(min(_CHUNK, len(into) - filled))
        if not piece:
            raise refusal("unreadable", f"Array {name!r} ends too early.")
        into[filled : filled + len(piece)] = piece
        filled += len(piece)
    return flat


def _content(arrays: dict[str, Array], limits: Limits) -> Content:
    import polars as pl

    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name}: {count}" for name, count in list(counts.items())[:10])
        raise refusal(
            "unreadable",
            f"All arrays must have the same number of rows; received {listed}."
            " Upload training and test parts as datasets of their own.",
        )
    del limits
    table = {
        name: pl.Series(_plain(name, array)) for name, array in arrays.items() if array.ndim == 1
    }
    tensors = {name: _small(array) for name, array in arrays.items() if array.ndim > 1}
    return Content(names=list(arrays), table=pl.DataFrame(table), tensors=tensors)


def _plain(name: str, array: Array) -> Any:
    if array.dtype.kind == "S":
        return [value.decode("utf-8", "replace") for value in array.tolist()]
    if array.dtype.kind == "U":
        points = array.view(np.uint32)
        if (points > _LAST).any() or ((points >= _HALVES[0]) & (points <= _HALVES[1])).any():
            raise refusal("unreadable", f"Text array {name!r} holds what is no character.")
        return array.tolist()
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _small(array: Array) -> Array:
    return array.astype(np.float64) if array.dtype == np.longdouble else array
