"""Digests of rows: equal numbers for equal values, within one process."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Array, Content, Pictures

if TYPE_CHECKING:
    import polars as pl

Digests = npt.NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
_CHUNK_BYTES = 1 << 26


def of_column(content: Content, name: str) -> Digests:
    """A digest for each row of a column as a format hands it over."""
    if name in content.images:
        return of_pictures(content.images[name])
    if name in content.tensors:
        return of_values(content.tensors[name])
    return of_series(content.series(name))


def of_series(series: "pl.Series") -> Digests:
    """A digest for each value of a flat column; numbers of any type are compared as floats."""
    import polars as pl

    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        numbers = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        return _of_floats(numbers)
    return mixed(series.cast(pl.String).hash(seed=0).to_numpy().astype(np.uint64))


def of_values(values: Array) -> Digests:
    """A digest for each row of an array, of any shape; objects are texts or None."""
    if values.dtype == object:
        import polars as pl

        texts = [None if value is None else str(value) for value in values.ravel()]
        return of_series(pl.Series(texts, dtype=pl.String))
    if values.ndim == 1 and values.dtype.kind in "iufb":
        return _of_floats(values.astype(np.float64))
    flat = values.reshape(len(values), -1)
    step = max(1, _CHUNK_BYTES // max(1, flat.shape[1] * 8))
    out = np.zeros(len(flat), np.uint64)
    for start in range(0, len(flat), step):
        out[start : start + step] = _of_rows(flat[start : start + step])
    return out


def of_pictures(pictures: Pictures) -> Digests:
    """A digest for each image: of its size and its pixels."""
    import hashlib

    sizes = pictures.shapes.astype(np.int64).prod(axis=1)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    out = np.empty(len(sizes), np.uint64)
    for row, shape in enumerate(pictures.shapes):
        pixels = pictures.values[starts[row] : starts[row + 1]]
        found = hashlib.blake2b(pixels.tobytes(), digest_size=8, key=shape.tobytes())
        out[row] = int.from_bytes(found.digest(), "little")
    return out


def of_images(images: Iterable[Array]) -> Digests:
    """As `of_pictures`, of arrays `uint8[height, width, channels]`."""
    images = list(images)
    shapes = np.array([image.shape for image in images], np.int32).reshape(-1, 3)
    flat = [image.ravel() for image in images]
    values = np.concatenate(flat) if flat else np.empty(0, np.uint8)
    return of_pictures(Pictures(values, shapes))


def mixed(digests: Digests) -> Digests:
    """Numbers scattered over all bits (the finalizer of MurmurHash3 for 64 bits)."""
    with np.errstate(over="ignore"):
        found = digests ^ (digests >> np.uint64(33))
        found = found * np.uint64(0xFF51AFD7ED558CCD)
        found = found ^ (found >> np.uint64(33))
        found = found * np.uint64(0xC4CEB9FE1A85EC53)
        return np.asarray(found ^ (found >> np.uint64(33)))


def placed(digests: Digests, place: int) -> Digests:
    """The share of the column at a place in the digest of a row: rows are sums of these."""
    with np.errstate(over="ignore"):
        return mixed(digests + _ODD * np.uint64(2 * place + 1))


def _of_floats(numbers: npt.NDArray[np.float64]) -> Digests:
    plain = numbers + 0.0  # makes -0.0 and 0.0 one
    plain[np.isnan(plain)] = np.nan  # and all NaNs
    return mixed(plain.view(np.uint64))


def _of_rows(rows: Array) -> Digests:
    total = np.zeros(len(rows), np.uint64)
    numeric = rows.dtype.kind in "iufb"
    with np.errstate(over="ignore"):
        for place in range(rows.shape[1]):
            values: Any = rows[:, place]
            column = (
                _of_floats(values.astype(np.float64))
                if numeric
                else of_values(values.astype(object))
            )
            total += placed(column, place)
    return total
