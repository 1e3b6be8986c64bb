"""The form in which data is kept after it was read: Parquet and `.npy`, and nothing pickled.

A folder holds `schema.json`; `table.parquet` (all flat columns, zstd); for the tensor column at
position N of the schema `N.npy`; for an image column `N.values.npy` and `N.shapes.npy`.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Array, Content, Pictures
from engine.dataset.schema import Column, Schema

if TYPE_CHECKING:
    import polars as pl

Rows = npt.NDArray[np.int64]


def write(content: Content, schema: Schema, out: Path) -> list[str]:
    """Write the canonical form into a folder, all of it fsynced; return the file names."""
    files = []
    if content.table.width:
        content.table.write_parquet(out / "table.parquet", compression="zstd")
        files.append("table.parquet")
    for index, column in enumerate(schema.columns):
        if column.kind == "tensor":
            np.save(out / f"{index}.npy", content.tensors[column.name], allow_pickle=False)
            files.append(f"{index}.npy")
        elif column.kind == "image":
            files += _write_pictures(content.images[column.name], out, index)
    (out / "schema.json").write_text(json.dumps(schema.to_json()), encoding="utf-8")
    files.append("schema.json")
    for name in files:
        _fsync(out / name)
    _fsync(out)
    return files


def _write_pictures(pictures: Pictures, out: Path, index: int) -> list[str]:
    names = [f"{index}.values.npy", f"{index}.shapes.npy"]
    if isinstance(pictures.values, np.memmap) and pictures.values.filename is not None:
        pictures.values.flush()
        Path(pictures.values.filename).rename(out / names[0])
    else:
        np.save(out / names[0], pictures.values, allow_pickle=False)
    np.save(out / names[1], pictures.shapes, allow_pickle=False)
    return names


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Dataset:
    """A dataset in canonical form, read column by column, memory-mapped where it is large."""

    def __init__(self, folder: Path, schema: Schema | None = None) -> None:
        self.folder = folder
        if schema is None:
            text = (folder / "schema.json").read_text(encoding="utf-8")
            schema = Schema.from_json(json.loads(text))
        self.schema = schema
        self._flat: dict[str, Array] = {}

    def values(self, name: str, rows: Rows | None = None) -> Array:
        """The raw values of a column, as `engine.encodings` takes them; of these rows, or all.

        Raises KeyError for an unknown column.
        """
        column = self.schema.column(name)
        if column.kind == "image":
            every = np.arange(self.schema.rows) if rows is None else rows
            return self._pictures(column).take(every)
        values = self._tensor(column) if column.kind == "tensor" else self._column(column)
        return values if rows is None else values[rows]

    def preload(self, names: Iterable[str]) -> None:
        """Read these flat columns in one go; others are passed over."""
        wanted = [
            name
            for name in dict.fromkeys(names)
            if name not in self._flat and self.schema.column(name).flat
        ]
        if wanted:
            table = self._table(wanted).collect()
            self._flat.update({name: flat_values(table[name]) for name in wanted})

    def between(self, names: Iterable[str], first: int, end: int) -> dict[str, Array]:
        """The raw values of consecutive rows, by column; nothing else is read, nothing kept."""
        wanted = dict.fromkeys(names)
        flat = [name for name in wanted if self.schema.column(name).flat]
        found = {}
        if flat:
            table = self._table(flat).slice(first, end - first).collect()
            for name in flat:
                found[name] = flat_values(table[name], self.schema.column(name).missing > 0)
        for name in wanted:
            if name not in found:
                column = self.schema.column(name)
                if column.kind == "image":
                    found[name] = self._pictures(column).take(np.arange(first, end))
                else:
                    found[name] = np.array(self._tensor(column)[first:end])
        return found

    def _table(self, names: list[str]) -> "pl.LazyFrame":
        """These flat columns, by their exact names: a plain one may be taken for a pattern."""
        import polars as pl
        import polars.selectors as cs

        lazy = pl.scan_parquet(self.folder / "table.parquet", glob=False)
        return lazy.select(cs.by_name(*names))

    def lazily(self, name: str, rows: Rows) -> "Array | Picked":
        """The raw values of these rows, those of an array only once they are looked at."""
        column = self.schema.column(name)
        if column.kind != "tensor":
            return self.values(name, rows)
        return Picked(self, name, rows)

    def forget(self, name: str) -> None:
        """Let go of a flat column that was read."""
        self._flat.pop(name, None)

    def _tensor(self, column: Column) -> Array:
        path = self.folder / f"{self.schema.index(column.name)}.npy"
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))

    def _pictures(self, column: Column) -> Pictures:
        index = self.schema.index(column.name)
        return Pictures(
            np.load(self.folder / f"{index}.values.npy", mmap_mode="r", allow_pickle=False),
            np.load(self.folder / f"{index}.shapes.npy", allow_pickle=False),
        )

    def _column(self, column: Column) -> Array:
        self.preload([column.name])
        return self._flat[column.name]


class Picked:
    """Rows of an array column that are read when they are indexed, and not kept."""

    def __init__(self, dataset: Dataset, name: str, rows: Rows) -> None:
        self._dataset, self._name, self._rows = dataset, name, rows
        whole = dataset.values(name)
        self.shape, self.dtype, self.ndim = (len(rows), *whole.shape[1:]), whole.dtype, whole.ndim

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, places: Any) -> Array:
        return self._dataset.values(self._name, self._rows[places])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        del copy
        return self[:] if dtype is None else self[:].astype(dtype)


def flat_values(series: "pl.Series", nullable: bool | None = None) -> Array:
    """A flat column as NumPy: float64 with NaN, int64, bool, or objects with None.

    `nullable`: whether the column of which these are some rows lacks values anywhere.
    """
    import polars as pl

    series = series.alias("value")  # the name may be a pattern to the methods of a series
    lacking = bool(series.null_count()) if nullable is None else nullable
    if series.dtype.is_float() or (series.dtype.is_integer() and lacking):
        return series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if series.dtype.is_integer():
        return series.cast(pl.Int64).to_numpy()
    if series.dtype == pl.Boolean and not lacking:
        return series.to_numpy()
    if isinstance(series.dtype, pl.Datetime) and series.dtype.time_zone:
        series = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if series.dtype.is_temporal():
        series = series.cast(pl.String)
    values: list[Any] = series.to_list()
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out
