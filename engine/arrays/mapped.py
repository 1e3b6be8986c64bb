"""Arrays in a mapped file, of which only what was just read is held in memory."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.content import Array

_HELD = 32 << 20
"""Bytes of a file that may be in this process's memory before they are given back."""
_FAULT = 64 << 10
"""Bytes that the kernel brings in around one that is touched (fault_around_bytes)."""


class Mapping:
    """A file mapped read-only; what was touched is given back to the kernel now and then.

    The pages stay in the page cache, so nothing is read twice while there is room; but they count
    no longer as this process's memory, however large the file is.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._touched = 0

    def array(self, offset: int, shape: tuple[int, ...], dtype: Any) -> Array:
        """A view of a part of the file."""
        count = int(np.prod(shape, dtype=np.int64))
        return np.frombuffer(self._map, dtype, count, offset).reshape(shape)

    def touch(self, size: int) -> None:
        """Note that so many bytes were read."""
        self._touched += size
        if self._touched >= _HELD:
            self._touched = 0
            self._map.madvise(mmap.MADV_DONTNEED)


class Mapped:
    """An array in a mapped file, which behaves like NumPy's where rows of it are looked at.

    What indexing gives is a copy in memory.
    """

    def __init__(
        self,
        mapping: Mapping,
        offset: int,
        shape: tuple[int, ...],
        dtype: Any,
        bounds: tuple[Any, Any],
    ) -> None:
        """`bounds` are the smallest and the largest value, NaN where there is one."""
        self._mapping, self._view = mapping, mapping.array(offset, shape, dtype)
        self.shape, self.dtype = self._view.shape, self._view.dtype
        self.ndim, self.size, self.nbytes = self._view.ndim, self._view.size, self._view.nbytes
        self._bounds = bounds
        self._row = max(1, self.nbytes // max(1, len(self)))

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, index: Any) -> Array:
        if isinstance(index, tuple) and index and index[0] == slice(None) and len(self):
            return np.concatenate([piece[(slice(None), *index[1:])] for piece in self.pieces()])
        if isinstance(index, slice):
            found = np.array(self._view[index])
            self._mapping.touch(len(found) * self._row)
            return found
        if isinstance(index, np.ndarray) and index.dtype.kind in "iu" and index.ndim:
            return self._picked(index)
        self._mapping.touch(max(1, np.size(index)) * max(self._row, _FAULT))
        return np.array(self._view[index])

    def _picked(self, index: Array) -> Array:
        """Scattered rows, few enough at a time for what the kernel brings in around each."""
        found = np.empty((*index.shape, *self.shape[1:]), self.dtype)
        flat, out = index.reshape(-1), found.reshape(-1, *self.shape[1:])
        each = max(self._row, _FAULT)
        step = max(1, _HELD // each)
        for start in range(0, len(flat), step):
            rows = flat[start : start + step]
            out[start : start + step] = self._view[rows]
            self._mapping.touch(len(rows) * each)
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        del copy
        return self._view if dtype is None else self._view.astype(dtype)

    def pieces(self) -> Iterator[Array]:
        """The rows in their order, some megabytes at a time."""
        step = max(1, (8 << 20) // self._row)
        for start in range(0, len(self), step):
            yield self[start : start + step]

    def min(self) -> Any:
        """The smallest value; NaN where there is one."""
        return self._bounds[0]

    def max(self) -> Any:
        """The largest value; NaN where there is one."""
        return self._bounds[1]
