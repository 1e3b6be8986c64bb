"""What a format hands over: the columns of a file, read but not yet described."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.dataset.stored import StoredTable

if TYPE_CHECKING:
    import polars as pl

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Pictures:
    """Images of any sizes: all bytes one after another, and each image's height, width, channels.

    `values` is `uint8[sum of sizes]` (often memory-mapped), `shapes` `int32[rows, 3]`.
    """

    values: Array
    shapes: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.shapes)

    def take(self, rows: npt.NDArray[np.int64]) -> Array:
        """The images of these rows: an object array of `uint8[height, width, channels]`."""
        sizes = self.shapes.astype(np.int64).prod(axis=1)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        out = np.empty(len(rows), dtype=object)
        for place, row in enumerate(rows):
            out[place] = self.values[starts[row] : starts[row + 1]].reshape(self.shapes[row])
        return out


@dataclass
class Content:
    """The columns of a file: flat ones in `table`, arrays and images beside it, by name.

    `names` is the order of all columns. `roles` marks columns the format knows the meaning of.
    `notes` tells what was skipped. Strings in `table` are real text; formats without types
    (CSV) have run `infer` over them, or streamed them to disk; `written` names the readings
    (`engine.dataset.dates`) of those that are dates.
    """

    names: list[str]
    table: "pl.DataFrame | StoredTable"
    tensors: dict[str, Array] = field(default_factory=dict)
    images: dict[str, Pictures] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)

    def series(self, name: str) -> "pl.Series":
        """The values of a flat column, under a name that says nothing.

        Polars takes the name of a series such as `^x$` for a pattern, even within its own methods.
        """
        return self.table[name].alias("value")

    @property
    def rows(self) -> int:
        """The number of rows."""
        for pictures in self.images.values():
            return len(pictures)
        for tensor in self.tensors.values():
            return len(tensor)
        return self.table.height
