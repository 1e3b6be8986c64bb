"""How many bytes the encoded rows of a training will be, told before any is encoded."""

from math import prod
from typing import Any

import numpy as np

from engine.dataset.encoder import Encoder

_PARTS = ("validation_data", "test_data")


def expected_bytes(payload: dict[str, Any], encoder: Encoder) -> int:
    """Of the inputs; a size that only the data tells counts as one."""
    rows = payload["schema"]["rows"]
    rows += sum(payload[part]["schema"]["rows"] for part in _PARTS if payload.get(part))
    each = 0
    for feed in encoder.feeds.values():
        for column, encoding in zip(feed.columns, feed.encodings, strict=True):
            shape, dtype = encoding.output(column)
            size = 8 if dtype == "string" else np.dtype(dtype).itemsize
            each += prod(side or 1 for side in shape) * size
    return int(rows * each)
