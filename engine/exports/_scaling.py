"""The part of an encoding that is arithmetic, to be done within a written graph."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder, Feed
from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values
from engine.encodings._numbers import numbers
from engine.encodings.image import Image
from engine.encodings.standard import Standard


class Numbers(Encoding):
    """Numbers as they are, NaN where one is missing."""

    kinds = frozenset({"number", "integer", "boolean", "tensor"})

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float per row, or the shape of the array."""
        return tuple(column.shape or []) or (1,), "float32"

    def transform(self, values: Values) -> Values:
        """`float32[rows, 1]`, or an array as it is."""
        if values.ndim > 1:
            return values.astype(np.float32)
        return numbers(values).astype(np.float32)[:, None]


@dataclass(frozen=True)
class Scaling:
    """`(x - mean) / std` along the last axis, a missing x being `fill`; then within +-clip."""

    mean: Array
    std: Array
    fill: Array
    clip: Array

    @classmethod
    def of(cls, feed: Feed) -> "Scaling | None":
        """The arithmetic of a feed; None when it has none that a graph could do."""
        if not any(map(is_arithmetic, feed.columns, feed.encodings)):
            return None
        found: list[tuple[float, ...]] = []
        for column, encoding in zip(feed.columns, feed.encodings, strict=True):
            width = int(encoding.output(column)[0][-1] or 1)
            found += _places(column, encoding, width)
        return cls(*np.array(found, np.float32).T)

    def apply(self, tensor: Any) -> Any:
        """The scaled tensor, in TensorFlow's operations."""
        import tensorflow as tf

        if not np.isnan(self.fill).all():
            # NaN alone differs from itself; is_nan is no operation of LiteRT's
            known = tf.equal(tensor, tensor)
            tensor = tf.where(known, tensor, tf.zeros_like(tensor) + np.nan_to_num(self.fill))
        scaled = tensor - self.mean if self.mean.any() else tensor
        scaled = scaled / self.std
        if np.isfinite(self.clip).any():
            scaled = tf.minimum(tf.maximum(scaled, -self.clip), self.clip)
        return scaled


def plain(encoder: Encoder) -> Encoder:
    """The encoder without the arithmetic that `Scaling` does."""
    feeds = {
        name: Feed(feed.columns, list(map(_plain, feed.columns, feed.encodings)))
        for name, feed in encoder.feeds.items()
    }
    return Encoder(feeds, encoder.targets, encoder.window)


def is_arithmetic(column: Column, encoding: Encoding) -> bool:
    """Whether a graph takes the numbers of this column raw and scales them itself."""
    if isinstance(encoding, Standard):
        return encoding.missing != "flag"
    return isinstance(encoding, Image) and encoding.scale != "none" and bool(column)


def moments(encoding: Encoding) -> tuple[Any, Any]:
    """What is subtracted and what it is divided by: a number, or a list along the last axis."""
    if isinstance(encoding, Image) and encoding.scale in ("unit", "signed"):
        return (0.0, 255.0) if encoding.scale == "unit" else (127.5, 127.5)
    state = encoding.state()
    return state["mean"], state["std"]


def _places(column: Column, encoding: Encoding, width: int) -> list[tuple[float, ...]]:
    """Mean, deviation, fill and clip of each place along the last axis."""
    if not is_arithmetic(column, encoding):
        return [(0.0, 1.0, np.nan, np.inf)] * width
    mean, std = (np.broadcast_to(value, width).tolist() for value in moments(encoding))
    if isinstance(encoding, Image):
        return [(m, s, np.nan, np.inf) for m, s in zip(mean, std, strict=True)]
    clip = getattr(encoding, "clip", None) or np.inf
    fills = mean if column.kind == "tensor" else [encoding.state()["fill"]] * width
    return [(m, s, f, clip) for m, s, f in zip(mean, std, fills, strict=True)]


def _plain(column: Column, encoding: Encoding) -> Encoding:
    if not is_arithmetic(column, encoding):
        return encoding
    if isinstance(encoding, Image):
        return encoding.model_copy(update={"scale": "none"})
    return Numbers()
