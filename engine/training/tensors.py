"""The tensors of a part: encoded inputs and targets, and how much each row counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.faults import Fault
from engine.training.parts import Source
from engine.training.weights import class_weights


@dataclass(frozen=True)
class Tensors:
    """Encoded rows: inputs by Input name, targets and weights by output name (or no weights)."""

    x: dict[str, Array]
    y: dict[str, Array]
    weights: dict[str, Array]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(next(iter(self.x.values())))


def encode(
    source: Source, encoder: Encoder, request: dict[str, Any], x: dict[str, Array] | None = None
) -> Tensors:
    """The tensors of a part; `x` when the inputs were encoded before: it is the training part.

    Class weights count in the training part only, sample weights everywhere.
    """
    weights: dict[str, Array] = {}
    column = request["data"].get("sample_weight")
    if column:
        given = source.dataset.values(column, source.rows).astype(np.float32)
        if not np.isfinite(given).all() or (given < 0).any():
            raise Fault("data-error", f"Sample weights in {column!r} must be finite and >= 0.")
        weights = dict.fromkeys(encoder.targets, given)
    wanted = request["fit"].get("class_weight")
    if x is not None and wanted:
        for name, factors in class_weights(wanted, encoder, source).items():
            weights[name] = weights.get(name, np.float32(1)) * factors
    inputs = encoder.inputs(source.dataset, source.rows) if x is None else x
    return Tensors(inputs, encoder.outputs(source.dataset, source.rows), weights)
