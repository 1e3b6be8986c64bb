"""A network's outputs for held-out rows, chunk by chunk."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.training.tensors import Tensors

_ROWS, _BYTES = 1024, 1 << 20
"""Small rows are taken by the thousand; large ones as many at a time as in the training."""


def forward(
    network: Any, tensors: Tensors, batch: int, most: int | None = None
) -> Iterator[tuple[int, dict[str, Array]]]:
    """The first row of each chunk and, by output name, `[rows, …]` of what the network says.

    `most` rows at a time.
    """
    size = sum(values.nbytes for values in tensors.x.values()) / max(1, tensors.rows)
    rows = max(batch, min(_ROWS, int(_BYTES / max(size, 1.0))))
    rows = min(rows, most or rows)
    names = list(network.output_names)
    for start in range(0, tensors.rows, rows):
        x = {name: _tensor(values[start : start + rows]) for name, values in tensors.x.items()}
        found = network.predict_on_batch(x if len(x) > 1 else next(iter(x.values())))
        if not isinstance(found, dict):
            found = dict(zip(names, found if isinstance(found, list) else [found], strict=True))
        yield start, {name: np.asarray(found[name]) for name in names}


def _tensor(values: Array) -> Any:
    if values.dtype != object:
        return values
    import tensorflow as tf

    return tf.constant(values)
