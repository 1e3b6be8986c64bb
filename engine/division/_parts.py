"""The parts of a training as rules see them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Array, Content
from engine.dataset.description import describe
from engine.dataset.digests import Digests, of_images, of_values, placed
from engine.dataset.schema import Column, Schema
from engine.statistics.histogram import rows_of

_CHUNK = 4096
_SAMPLE = 20_000

Rows = npt.NDArray[np.int64]
Read = Callable[[str, Rows], Array]


@dataclass(frozen=True)
class Part:
    """Rows of a dataset. `read` gives the raw values of a column for some rows of the dataset."""

    schema: Schema
    rows: Rows
    read: Read

    @classmethod
    def of_table(cls, content: Content) -> "Part":
        """All rows of a table in memory."""
        from engine.dataset.canonical import flat_values

        def read(name: str, rows: Rows) -> Array:
            return flat_values(content.series(name))[rows]

        return cls(describe(content), np.arange(content.rows), read)

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, name: str) -> Array:
        """The values of a column; of many rows some, drawn by a fixed seed."""
        chosen = rows_of(len(self.rows), _SAMPLE)
        return self.read(name, self.rows if chosen is None else self.rows[chosen])

    def digests(self, names: list[str]) -> Digests:
        """A number for each row, equal for rows equal in these columns."""
        total = np.zeros(len(self.rows), np.uint64)
        for place, name in enumerate(names):
            kind = self.schema.column(name).kind
            step = _CHUNK if kind in ("image", "tensor") else max(1, len(self.rows))
            for start in range(0, len(self.rows), step):
                values = self.read(name, self.rows[start : start + step])
                found = of_images(values) if kind == "image" else of_values(values)
                with np.errstate(over="ignore"):
                    total[start : start + step] += placed(found, place)
        return total


@dataclass(frozen=True)
class Parts:
    """The parts by name. `apart` names those that are datasets of their own.

    `features` and `targets` are names of columns, `by` the way of the split.
    """

    parts: dict[str, Part]
    features: list[str]
    targets: list[str] = field(default_factory=list)
    by: str = "random"
    apart: frozenset[str] = frozenset()

    @property
    def training(self) -> Part:
        """The part that is trained on."""
        return self.parts["training"]

    def held_out(self) -> Iterator[tuple[str, Part]]:
        """The other parts that have rows."""
        for name, part in self.parts.items():
            if name != "training" and len(part):
                yield name, part

    def place(self, name: str) -> str:
        """What a part is made by in the request."""
        return f"/data/{name}" if name in self.apart else "/data/split"

    def columns(self, names: list[str]) -> Iterator[Column]:
        """Columns as the main dataset describes them."""
        for name in names:
            yield self.training.schema.column(name)

    @cached_property
    def trained_on(self) -> dict[int, int]:
        """The digests of the rows that are trained on, and a row for each."""
        digests = self.training.digests(self.features)
        return dict(zip(digests.tolist(), self.training.rows.tolist(), strict=True))


@dataclass(frozen=True)
class Example:
    """Parts that are made when they are asked for: importing a rule must make nothing.

    `tables` are the columns of each part.
    """

    tables: dict[str, dict[str, Any]]
    features: list[str]
    targets: list[str] = field(default_factory=list)
    by: str = "random"

    def parts(self) -> Parts:
        """The parts with these rows."""
        import polars as pl

        made = {}
        for name, columns in self.tables.items():
            frame = pl.DataFrame(columns, strict=False)
            made[name] = Part.of_table(Content(frame.columns, frame))
        return Parts(made, self.features, self.targets, self.by)
