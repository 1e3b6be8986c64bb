"""Records that come as an array of NumPy or as image files, as columns of raw values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from engine.dataset.content import Array
from engine.dataset.schema import Column
from engine.faults import Fault, Item
from engine.formats._damage import DAMAGE
from engine.formats._picture import FORMATS, decoded, measured
from engine.prediction.records import MOST_ITEMS, MOST_PIXELS, array_of, pointer

MOST_RECORDS = 10_000
_MOST_PIXELS_IN_ALL = 4 * MOST_PIXELS
_MAGIC = b"\x93NUMPY"
_CHANNELS = (1, 3, 4)
_NUMBERS = frozenset({"number", "integer", "boolean"})


@dataclass(frozen=True)
class Body:
    """Bytes at `path`: a file, or several of these `sizes` one after the other, and their type."""

    path: str
    media_type: str
    sizes: Sequence[int]


def columns_of_body(body: Body, columns: dict[str, Column]) -> dict[str, Array]:
    """The raw values of each column, as `columns_of` gives them for records.

    An array in the NPY format (numpy.lib.format; no Python objects) holds the records in its first
    axis: numbers in the order of the columns, or the values of the one column of arrays or
    images. Without that axis it is one record. Images are for a model with one column of images.

    Raises Fault ("invalid-request", "too-large", "unsupported-media-type"); pointers are those
    that a list of records would have.
    """
    if body.media_type != "application/x-npy" and not _is_array(body):
        return _images(body, columns)
    if len(body.sizes) > 1:
        _refuse("An array is sent alone: its first axis are the records.")
    if body.media_type.startswith("image/"):
        _refuse(f"The body says {body.media_type}, but is an array: send it as application/x-npy.")
    if not _is_array(body):
        _refuse("The body is no array in the NPY format, as numpy.save writes it.")
    return _array(Path(body.path), columns)


def _is_array(body: Body) -> bool:
    with Path(body.path).open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _array(path: Path, columns: dict[str, Column]) -> dict[str, Array]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except DAMAGE as error:
        _refuse(f"The array cannot be read: {error}"[:300].rstrip(".") + ".")
    if array.dtype.kind not in "biuf":
        _refuse(f"The array is of {array.dtype}; numbers are taken, and booleans.", "bad-type")
    if all(column.kind in _NUMBERS for column in columns.values()):
        return _numbers(_rows(array, (len(columns),), list(columns)), columns)
    column = _only(columns)
    if column.kind == "image":
        return {column.name: _pixels(array, column)}
    if column.kind != "tensor":
        _unsupported(columns)
    rows = _native(_rows(array, tuple(column.shape or []), [column.name]))
    _demand_finite(rows, column.name)
    return {column.name: rows}


def _rows(array: Array, shape: tuple[int | None, ...], names: list[str]) -> Array:
    """The array with a first axis of records, each of this shape."""
    if array.shape == shape:
        array = array[None]
    elif shape == (1,) and array.ndim == 1:
        array = array[:, None]
    if array.shape[1:] != shape or not len(array):
        one = ", ".join(map(str, shape))
        told = ", ".join(map(repr, names[:20])) + (", …" if len(names) > 20 else "")
        _refuse(
            f"The array has shape {list(array.shape)}; the model takes [records, {one}], or"
            f" [{one}] for one record, of {told}.",
            "shape-mismatch",
        )
    _demand_few(len(array))
    return array


def _numbers(rows: Array, columns: dict[str, Column]) -> dict[str, Array]:
    """A column each; NaN where a value is missing."""
    numbers = rows.astype(np.float64)
    items: list[Item] = []
    found = {}
    for place, (name, column) in enumerate(columns.items()):
        values = numbers[:, place]
        there = ~np.isnan(values)
        wrong = np.isinf(values)
        text = "must be a finite number, or NaN where it is missing"
        if column.kind == "integer":
            wrong |= there & (values % 1 != 0)
            text = "must be a whole number, or NaN where it is missing"
        elif column.kind == "boolean":
            wrong |= there & ~np.isin(values, (0, 1))
            text = "must be 0 or 1, or NaN where it is missing"
        items += [
            Item(pointer(int(row), name, ""), "bad-value", f"{name!r} {text}.")
            for row in np.flatnonzero(wrong)[: MOST_ITEMS - len(items)]
        ]
        if not items:
            kind = {"integer": int, "boolean": bool}.get(column.kind, float)
            given = [
                kind(value) if known else None for value, known in zip(values, there, strict=True)
            ]
            found[name] = array_of(given, column)
    if items:
        raise Fault("invalid-request", items[0].detail, items)
    return found


def _pixels(array: Array, column: Column) -> Array:
    """Images of one size out of `uint8[records, height, width, channels]`."""
    if array.dtype != np.uint8:
        _refuse(
            f"The array is of {array.dtype}; the pixels of {column.name!r} are uint8, from 0 to 255"
            ": the model scales them itself.",
            "bad-type",
        )
    if array.ndim == 2:
        array = array[None, :, :, None]
    elif array.ndim == 3:
        array = array[None] if array.shape[2] in _CHANNELS else array[..., None]
    if array.ndim != 4 or array.shape[3] not in _CHANNELS or not array.size:
        _refuse(
            f"The array has shape {list(array.shape)}; images are [records, height, width,"
            " channels] with 1, 3 or 4 channels, [records, height, width] in grey, or one of them.",
            "shape-mismatch",
        )
    _demand_few(len(array))
    return _objects(list(np.asarray(array)))


def _images(body: Body, columns: dict[str, Column]) -> dict[str, Array]:
    if len(columns) != 1 or next(iter(columns.values())).kind != "image":
        _unsupported(columns)
    (name,) = columns
    _demand_few(len(body.sizes))
    pictures: list[Array | None] = []
    items: list[Item] = []
    pixels = 0
    with Path(body.path).open("rb") as file:
        for number, size in enumerate(body.sizes):
            try:
                data = file.read(size)
                height, width, _ = measured(data, MOST_PIXELS)
                pixels += height * width
                if pixels > _MOST_PIXELS_IN_ALL:
                    detail = f"All images together may have {_MOST_PIXELS_IN_ALL:,} pixels."
                    raise Fault("too-large", detail)
                pictures.append(decoded(data))
            except ValueError as error:
                items.append(Item(pointer(number, name, ""), "bad-value", f"{name!r} {error}"))
    if items:
        raise Fault("invalid-request", items[0].detail, items[:MOST_ITEMS])
    return {name: _objects(pictures)}


def _objects(pictures: Sequence[Array | None]) -> Array:
    out = np.empty(len(pictures), dtype=object)
    for place, picture in enumerate(pictures):
        out[place] = picture
    return out


def _native(rows: Array) -> Array:
    """In this machine's byte order, in a dtype that the encodings know."""
    if rows.dtype == np.longdouble:
        return rows.astype(np.float64)
    wide = np.dtype(np.float32) if rows.dtype == np.float16 else rows.dtype.newbyteorder("=")
    return np.ascontiguousarray(rows, dtype=wide)


def _demand_finite(rows: Array, name: str) -> None:
    whole = np.isfinite(rows.reshape(len(rows), -1)).all(axis=1)
    items = [
        Item(pointer(int(row), name, ""), "bad-value", f"{name!r} must hold finite numbers.")
        for row in np.flatnonzero(~whole)[:MOST_ITEMS]
    ]
    if items:
        raise Fault("invalid-request", items[0].detail, items)


def _demand_few(records: int) -> None:
    if records > MOST_RECORDS:
        detail = (
            f"There are {records} records; {MOST_RECORDS} are taken at once. Upload them as a"
            " dataset, which /predictions answers as a whole."
        )
        raise Fault("too-large", detail, [Item("", "too-large", detail)])


def _only(columns: dict[str, Column]) -> Column:
    if len(columns) > 1:
        _unsupported(columns)
    return next(iter(columns.values()))


def _unsupported(columns: dict[str, Column]) -> NoReturn:
    """The model takes something else: say what."""
    told = ", ".join(f"{name!r} ({column.kind})" for name, column in list(columns.items())[:20])
    more = ", …" if len(columns) > 20 else ""
    only = next(iter(columns.values())) if len(columns) == 1 else None
    if only is not None and only.kind == "tensor":
        shape = ", ".join(map(str, only.shape or []))
        way = f"send an array [records, {shape}] as application/x-npy, or JSON"
    elif all(column.kind in _NUMBERS for column in columns.values()):
        way = f"send an array [records, {len(columns)}] as application/x-npy, or JSON"
    elif only is not None and only.kind == "image":
        way = f"send an image ({', '.join(FORMATS)}), an array of uint8, or JSON"
    else:
        way = "send JSON, images in it as base64 text"
    detail = f"The model takes records of {told}{more}: {way}."
    raise Fault("unsupported-media-type", detail, [Item("", "bad-type", detail)])


def _refuse(detail: str, code: str = "bad-value") -> NoReturn:
    raise Fault("invalid-request", detail, [Item("", code, detail)])
