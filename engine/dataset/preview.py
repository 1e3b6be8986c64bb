"""The first rows of a dataset, small enough to show."""

import base64
import io
import math
from typing import Any

import numpy as np

from engine.dataset.content import Array, Content

_ROWS = 20
_MOST_VALUES = 64
_MOST_TEXT = 1000
_THUMBNAIL = 64


def preview(content: Content) -> list[dict[str, Any]]:
    """Up to 20 rows as JSON: images as PNG data URIs of at most 64 pixels a side.

    Arrays of more than 64 values are given by shape and dtype, numbers that JSON lacks as
    null, long text cut at 1000 characters.
    """
    count = min(_ROWS, content.rows)
    flat = content.table.head(count).to_dicts() if content.table.width else [{}] * count
    rows = []
    for row in range(count):
        entry: dict[str, Any] = {}
        for name in content.names:
            if name in content.images:
                picture = content.images[name].take(np.array([row]))[0]
                entry[name] = thumbnail(picture)
            elif name in content.tensors:
                entry[name] = _tensor(content.tensors[name][row])
            else:
                entry[name] = _scalar(flat[row][name])
        rows.append(entry)
    return rows


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
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str):
        return value if len(value) <= _MOST_TEXT else value[:_MOST_TEXT] + "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat()
