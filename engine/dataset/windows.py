"""Windows over time series: which consecutive rows make a sample, and the row it is to predict."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.dataset.canonical import Dataset, Rows
from engine.dataset.content import Array

Times = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """`data.window` of a request.

    A sample is `length` consecutive rows of one series; its target is the value `horizon` rows
    after the last of them. Samples begin every `stride` rows. Rows are ordered by the column
    `order`, or as they came; `key` tells the series apart.
    """

    length: int
    horizon: int = 1
    stride: int = 1
    key: str | None = None
    order: str | None = None

    @property
    def reach(self) -> int:
        """The rows from the first of a sample to its target, both counted."""
        return self.length + self.horizon

    @classmethod
    def of_request(cls, data: dict[str, Any]) -> "Window | None":
        """The window of a `data` section, if it has one."""
        given = data.get("window")
        return cls(**given) if given else None


@dataclass(frozen=True)
class Layout:
    """The samples of a dataset: `order` are its rows, series after series, each in time.

    `starts` are the places in `order` where samples begin; `times` the time of each place.
    """

    window: Window
    order: Rows
    starts: Rows
    times: Times

    @property
    def targets(self) -> Rows:
        """The dataset's row that each sample predicts."""
        return self.order[self.starts + self.window.reach - 1]

    @property
    def lasts(self) -> Rows:
        """The dataset's last row within each sample."""
        return self.order[self.starts + self.window.length - 1]

    @property
    def seen(self) -> Rows:
        """The dataset's rows that lie within any sample."""
        inside = np.zeros(len(self.order), bool)
        for step in range(self.window.length):
            inside[self.starts + step] = True
        return np.sort(self.order[inside])

    def take(self, samples: Rows) -> "Layout":
        """Some of the samples."""
        return Layout(self.window, self.order, self.starts[samples], self.times)

    def between(self) -> tuple[Times, Times]:
        """The time of each sample's first row and of its target."""
        return self.times[self.starts], self.times[self.starts + self.window.reach - 1]


def lay_out(dataset: Dataset, window: Window) -> Layout:
    """All samples of a dataset. There are none where every series is shorter than a sample."""
    rows = dataset.schema.rows
    series = series_numbers(dataset.values(window.key)) if window.key else np.zeros(rows, np.int64)
    times = times_of(dataset.values(window.order)) if window.order else np.arange(rows, dtype="f8")
    order, starts = arranged(series, times, window.reach, window.stride)
    return Layout(window, order, starts, times[order])


def arranged(series: Rows, times: Times, reach: int, stride: int) -> tuple[Rows, Rows]:
    """The rows, series after series, each in time; and the places where samples begin."""
    rows = len(series)
    order = np.lexsort((np.arange(rows), times, series))
    borders = np.flatnonzero(np.diff(series[order])) + 1
    starts = [
        np.arange(first, last - reach + 1, stride)
        for first, last in zip([0, *borders], [*borders, rows], strict=True)
    ]
    return order, np.concatenate(starts).astype(np.int64)


def series_numbers(values: Array) -> Rows:
    """A number for each distinct value of a column."""
    texts = np.array([str(value) for value in values])
    return np.unique(texts, return_inverse=True)[1].astype(np.int64)


def times_of(values: Array) -> Times:
    """Values of a column as numbers in their order; dates are texts that sort by time."""
    if values.dtype.kind in "iufb":
        return values.astype(np.float64)
    texts = np.array(["" if value is None else str(value) for value in values])
    return np.unique(texts, return_inverse=True)[1].astype(np.float64)


@dataclass(frozen=True)
class Windows:
    """Encoded samples without a copy: `base` is `[places, features]`, sample i the rows from
    `starts[i]` on. Behaves like the array `[samples, length, features]` where that is needed.
    """

    base: Array
    starts: Rows
    length: int

    @property
    def shape(self) -> tuple[int, ...]:
        """As an array's."""
        return (len(self.starts), self.length, *self.base.shape[1:])

    @property
    def dtype(self) -> Any:
        """As an array's."""
        return self.base.dtype

    @property
    def ndim(self) -> int:
        """As an array's."""
        return self.base.ndim + 1

    @property
    def size(self) -> int:
        """As an array's."""
        return int(np.prod(self.shape))

    @property
    def nbytes(self) -> int:
        """The bytes that are really held."""
        return int(self.base.nbytes)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, samples: Any) -> Array:
        places = np.atleast_1d(self.starts[samples])[:, None] + np.arange(self.length)
        return np.asarray(self.base[places])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        del copy  # what is made here is always new
        return self[:] if dtype is None else self[:].astype(dtype)

    def min(self) -> Any:
        """The smallest of the values held."""
        return self.base.min()

    def max(self) -> Any:
        """The largest of the values held."""
        return self.base.max()
