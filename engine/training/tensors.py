"""The tensors of a part: encoded inputs and targets, and how much each row counts."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.arrays import Mapped
from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.dataset.windows import Windows
from engine.faults import Fault
from engine.training.parts import Source
from engine.training.weights import class_weights

Values = Array | Windows | Mapped


@dataclass(frozen=True)
class Tensors:
    """Encoded rows: inputs by Input name, targets and weights by output name (or no weights)."""

    x: dict[str, Values]
    y: dict[str, Array]
    weights: dict[str, Array]
    last: dict[str, Array] = field(default_factory=dict)
    """Of windows: the target column's last value within each sample, by output name."""

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(next(iter(self.x.values())))


def encode(
    source: Source, encoder: Encoder, request: dict[str, Any], x: dict[str, Values], training: bool
) -> Tensors:
    """The tensors of a part whose inputs were encoded as `x`; `training` when it is that part."""
    return Tensors(
        x,
        encoder.outputs(source.dataset, source.rows),
        row_weights(source, encoder, request, training),
        lasts(source, encoder),
    )


def row_weights(
    source: Source, encoder: Encoder, request: dict[str, Any], training: bool
) -> dict[str, Array]:
    """How much each row counts, by output; class weights count in the training part only."""
    weights: dict[str, Array] = {}
    column = request["data"].get("sample_weight")
    if column:
        given = source.dataset.values(column, source.rows).astype(np.float32)
        if not np.isfinite(given).all() or (given < 0).any():
            raise Fault("data-error", f"Sample weights in {column!r} must be finite and >= 0.")
        weights = dict.fromkeys(encoder.targets, given)
    wanted = request["fit"].get("class_weight")
    if training and wanted:
        for name, factors in class_weights(wanted, encoder, source).items():
            weights[name] = weights.get(name, np.float32(1)) * factors
    return weights


def lasts(source: Source, encoder: Encoder) -> dict[str, Array]:
    """Of windows the target's last value in each, its mean where that is missing; of numbers."""
    found: dict[str, Array] = {}
    for name, target in encoder.targets.items():
        if source.layout and target.form == "raw" and len(target.columns) == 1:
            values = source.dataset.values(target.column, source.layout.lasts)
            if values.ndim == 1 and values.dtype.kind in "iuf":
                plain = values.astype(np.float64)
                mean = plain[np.isfinite(plain)].mean() if np.isfinite(plain).any() else 0.0
                found[name] = np.where(np.isfinite(plain), plain, mean)[:, None]
    return found


def inputs(source: Source, encoder: Encoder) -> dict[str, Values]:
    """The encoded inputs of a part. Rows of windows are held once, however many they are in."""
    if source.layout is None:
        return dict(encoder.inputs(source.dataset, source.rows))
    layout = source.layout
    first, last = int(layout.starts.min()), int(layout.starts.max()) + layout.window.length
    encoded = encoder.inputs(source.dataset, layout.order[first:last])
    length = layout.window.length
    return {name: Windows(base, layout.starts - first, length) for name, base in encoded.items()}
