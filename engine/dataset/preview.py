"""Rows of a dataset, small enough to show."""

import base64
import io
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Array, Content
from engine.dataset.digests import of_column
from engine.dataset.schema import Column, Schema

if TYPE_CHECKING:
    import polars as pl

_ROWS = 20
_MOST_BYTES = 512 * 1024
_MOST_VALUES = 64
_LEAST_TEXT, _MOST_TEXT = 40, 1000
_THUMBNAIL = 64
_MOST_CLASSES = 10
_OF_A_CLASS = 2
_BY_CHANCE = 8
_LOOKED_AT = 100_000

Rows = npt.NDArray[np.int64]


def preview(content: Content) -> list[dict[str, Any]]:
    """Up to 20 first rows as JSON, half a megabyte at most.

    Images are PNG data URIs of at most 64 pixels a side; arrays of more than 64 values are given
    by shape and dtype, numbers that JSON lacks as null, long text is cut and ends in `…`.
    """
    return [values for _, values in _shown(content, np.arange(min(_ROWS, content.rows)))]


def samples(content: Content, schema: Schema) -> list[dict[str, Any]]:
    """Some rows more, `{"row", "label", "values"}`: two of each class, or some by chance.

    Classes are those of the column marked as label, or of the last one if it has a few; `label`
    is null for rows drawn by chance. Together they take half a megabyte at most.
    """
    rng = np.random.default_rng(0)
    column = _classes(schema)
    chosen: dict[int, str | None] = {}
    if column is not None:
        chosen = _of_classes(content, column, rng)
    if len(chosen) < 2:
        rows = rng.choice(content.rows, min(_BY_CHANCE, content.rows), replace=False)
        chosen = dict.fromkeys(sorted(int(row) for row in rows))
    shown = _shown(content, np.array(list(chosen), np.int64))
    return [{"row": row, "label": chosen[row], "values": values} for row, values in shown]


def _classes(schema: Schema) -> Column | None:
    marked = [column for column in schema.columns if column.role == "label"]
    for column in marked or schema.columns[-1:]:
        if column.categories and len(column.categories) > 1 and column.kind != "integer":
            return column
    return None


def _of_classes(
    content: Content, column: Column, rng: np.random.Generator
) -> dict[int, str | None]:
    """Rows of the first classes, in the order of the classes, and which class each is of."""
    found: dict[int, str | None] = {}
    digests = of_column(content, column.name)
    looked = np.arange(len(digests))
    if len(looked) > _LOOKED_AT:
        looked = np.unique(rng.integers(0, len(digests), _LOOKED_AT))
    first = np.unique(digests[looked], return_index=True)[1]
    texts = content.series(column.name).gather(looked[first]).to_list()
    known = {value: looked[place] for value, place in zip(texts, first, strict=True)}
    for value in sorted((one for one in known if one is not None), key=str)[:_MOST_CLASSES]:
        same = looked[digests[looked] == digests[known[value]]]
        for row in sorted(rng.choice(same, min(_OF_A_CLASS, len(same)), replace=False)):
            found[int(row)] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _shown(content: Content, rows: Rows) -> list[tuple[int, dict[str, Any]]]:
    """The rows with their values, as many as the bytes allow and one at least."""
    cells = max(1, len(rows) * len(content.names))
    most = max(_LEAST_TEXT, min(_MOST_TEXT, _MOST_BYTES // cells))
    columns = {name: _values(content, name, rows, most) for name in content.names}
    found: list[tuple[int, dict[str, Any]]] = []
    size = 0
    for place, row in enumerate(rows):
        values = {name: column[place] for name, column in columns.items()}
        size += len(json.dumps(values))
        if found and size > _MOST_BYTES:
            break
        found.append((int(row), values))
    return found


def _values(content: Content, name: str, rows: Rows, most_text: int) -> list[Any]:
    if name in content.images:
        return [thumbnail(picture) for picture in content.images[name].take(rows)]
    if name in content.tensors:
        return [_tensor(content.tensors[name][row]) for row in rows]
    chosen: pl.Series = content.series(name).gather(rows)
    return [_scalar(value, most_text) for value in chosen.to_list()]


def thumbnail(pixels: Array) -> str:
    """A PNG data URI of an image `uint8[height, width, channels]`, at most 64 pixels a side."""
    from PIL import Image

    picture = Image.fromarray(
        np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    )
    picture.thumbnail((_THUMBNAIL, _THUMBNAIL))
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _tensor(values: Array) -> Any:
    if values.size > _MOST_VALUES:
        return {"shape": list(values.shape), "dtype": str(values.dtype)}
    return _finite(values.tolist())


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    return _scalar(value, _MOST_TEXT)


def _scalar(value: Any, most_text: int) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value if len(value) <= most_text else value[:most_text] + "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat()
