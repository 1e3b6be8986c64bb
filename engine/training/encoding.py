"""Encoding more rows than memory holds, a chunk at a time, into arrays on disk."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine.arrays import Draft, room
from engine.dataset.canonical import Dataset
from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.training.parts import Division, Source

Raw = dict[str, Array]
Encode = Callable[[Raw], dict[str, Array]]
_TEXT_BYTES = 100
"""About what a string takes as a Python object."""


def fit(encoder: Encoder, source: Source) -> None:
    """Learn from the training part, one column in memory at a time."""
    for feed in encoder.feeds.values():
        for column, encoding in zip(feed.columns, feed.encodings, strict=True):
            encoding.fit(source.dataset.lazily(column.name, source.seen), column)  # type: ignore[arg-type]
            source.dataset.forget(column.name)


def inputs_of(encoder: Encoder) -> tuple[Encode, list[str]]:
    """What encodes raw columns as inputs, and the columns that it needs."""

    def encode(raw: Raw) -> dict[str, Array]:
        return {
            name: feed.encode({column.name: raw[column.name] for column in feed.columns})
            for name, feed in encoder.feeds.items()
        }

    return encode, list(encoder.columns)


def outputs_of(encoder: Encoder) -> tuple[Encode, list[str]]:
    """What encodes raw columns as targets, and the columns that it needs."""

    def encode(raw: Raw) -> dict[str, Array]:
        return {
            name: one.transform([raw[column] for column in one.columns])
            for name, one in encoder.targets.items()
        }

    return encode, [column for one in encoder.targets.values() for column in one.columns]


def sample(dataset: Dataset, rows: Array, encode: Encode, names: list[str]) -> dict[str, Array]:
    """One encoded row, which tells shapes and dtypes."""
    first = int(rows[0])
    return encode(dataset.between(names, first, first + 1))


def fill(
    draft: Draft, kind: str, division: Division, encode: Encode, names: list[str], each: int
) -> Iterator[int]:
    """Encode the rows of all parts into `KIND/PART/NUMBER`, reading each dataset once, in order.

    `each` are the bytes of an encoded row. Yields the rows read so far.
    """
    done = 0
    for dataset in {id(one.dataset): one.dataset for one in division.parts.values()}.values():
        parts = {part: one for part, one in division.parts.items() if one.dataset is dataset}
        step = max(1, room.CHUNK_BYTES // max(each, _raw_bytes(dataset, names)))
        for first in range(0, dataset.schema.rows, step):
            end = min(first + step, dataset.schema.rows)
            raw: Raw | None = None
            for part, source in parts.items():
                low, high = np.searchsorted(source.rows, [first, end])
                if low < high:
                    raw = raw or dataset.between(names, first, end)
                    picked = source.rows[low:high] - first
                    _write(draft, f"{kind}/{part}", encode({n: v[picked] for n, v in raw.items()}))
            done += end - first
            yield done


def fill_places(
    draft: Draft,
    kind: str,
    division: Division,
    places: dict[str, Array],
    encode: Encode,
    names: list[str],
    each: int,
) -> Iterator[int]:
    """As `fill` for rows in any order, of windows; whole columns are held meanwhile."""
    for part, wanted in places.items():
        dataset = division.parts[part].dataset
        step = max(1, room.CHUNK_BYTES // max(each, _raw_bytes(dataset, names)))
        for first in range(0, len(wanted), step):
            rows = wanted[first : first + step]
            _write(draft, f"{kind}/{part}", encode({n: dataset.values(n, rows) for n in names}))
            yield first + len(rows)


def _write(draft: Draft, prefix: str, encoded: dict[str, Array]) -> None:
    for number, values in enumerate(encoded.values()):
        draft.write(f"{prefix}/{number}", values)


def _raw_bytes(dataset: Dataset, names: list[str]) -> int:
    """About how much a row of these columns takes."""
    total = 1
    for name in names:
        column = dataset.schema.column(name)
        if column.shape is not None:
            sides: list[Any] = [side or 256 for side in column.shape]
            total += int(np.prod(sides)) * (1 if column.kind == "image" else 8)
        else:
            total += 8 if column.kind in ("number", "integer", "boolean") else _TEXT_BYTES
    return total
