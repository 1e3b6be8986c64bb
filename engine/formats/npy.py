"""A single array of NumPy."""

import io
from pathlib import Path

import numpy as np

from engine.dataset.content import Content
from engine.dataset.limits import Limits, damaged, refusal
from engine.formats._base import Format, Report
from engine.formats._damage import DAMAGE

_MAGIC = b"\x93NUMPY"


class Npy(Format):
    """An array as `numpy.save` writes it: the first axis the rows.

    With two axes each column of the array is a column (`column_1`, …); with more it is one column
    `array`. Numbers and booleans; no Python objects.
    """

    extensions = frozenset({".npy"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By NumPy's magic bytes."""
        del path
        return head.startswith(_MAGIC)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Check the header, then map the numbers."""
        del scratch
        import polars as pl

        try:
            array = np.load(path, mmap_mode="r", allow_pickle=False)
        except DAMAGE as error:
            raise damaged("The array cannot be read", error) from None
        if array.dtype.kind not in "biuf" or not array.ndim or not array.size:
            detail = f"The array has shape {array.shape} and dtype {array.dtype}."
            raise refusal("unreadable", f"{detail} Numbers with at least one axis are taken.")
        limits.check("rows", len(array), "Rows")
        limits.check("expanded_bytes", array.nbytes, "Bytes of the array")
        report(len(array), len(array))
        plain = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
        plain = plain.astype(np.float64) if plain.dtype == np.longdouble else plain
        if plain.ndim > 2:
            return Content(names=["array"], table=pl.DataFrame(), tensors={"array": plain})
        wide = plain.astype(np.float32) if plain.dtype == np.float16 else plain
        columns = wide.reshape(len(wide), -1)
        limits.check("columns", columns.shape[1], "Columns")
        names = [f"column_{place}" for place in range(1, columns.shape[1] + 1)]
        table = pl.DataFrame(
            [pl.Series(name, columns[:, place]) for place, name in enumerate(names)]
        )
        return Content(names=names, table=table)

    @classmethod
    def example(cls) -> bytes:
        """Three rows of two numbers."""
        file = io.BytesIO()
        np.save(file, np.arange(6.0).reshape(3, 2))
        return file.getvalue()
