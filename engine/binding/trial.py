"""Trying a loss and its metrics on two made-up rows, so that training does not fail on them."""

from math import prod
from typing import Any

import numpy as np

from engine.stack import Findings, read_object
from engine.stack.objects import create
from engine.stack.pointer import join

from .target import Target

Shape = tuple[int | None, ...]
_ROWS = 2
_MOST_VALUES = 1_000_000


def try_out(
    target: Target, shape: Shape, metrics: list[dict[str, Any]], pointer: str, findings: Findings
) -> None:
    """Note which of the loss and the metrics cannot compare this target with this output.

    `shape` is the output's for one row; unknown sizes and very large outputs are not tried.
    `pointer` is where the list of metrics stands.
    """
    sizes = [size for size in shape if size is not None]
    if len(sizes) != len(shape) or prod(sizes) > _MOST_VALUES:
        return
    predicted = np.full((_ROWS, *sizes), 1 / max(1, sizes[-1] if sizes else 1), np.float32)
    expected = _expected(target, sizes)
    if target.loss.spec is not None:
        loss = create(target.loss.spec, findings)
        _tried(loss, expected, predicted, target, target.loss.pointer, findings)
    for index, canonical in enumerate(metrics):
        place = join(pointer, index)
        spec = read_object("metrics", canonical, place, findings)
        metric = create(spec, findings) if spec else None
        if metric is not None:
            _tried(metric, expected, predicted, target, place, findings)


def _expected(target: Target, sizes: list[int]) -> Any:
    """Two rows of the target in the form that training gives it."""
    if target.form == "index":
        return np.zeros(_ROWS, np.int32)
    if target.form == "one_hot":
        return np.eye(target.units or 1, dtype=np.float32)[[0] * _ROWS]
    if target.form != "raw" or target.column.flat:
        return np.zeros((_ROWS, target.units or 1), np.float32)
    if target.column.kind == "image":  # brought to the size of the output
        return np.zeros((_ROWS, *sizes), np.float32)
    own = [size or 1 for size in target.column.shape or [1]]
    whole = target.column.kind == "tensor" and target.column.dtype.startswith(("int", "uint"))
    return np.zeros((_ROWS, *own), np.int32 if whole else np.float32)


def _tried(
    made: Any, expected: Any, predicted: Any, target: Target, pointer: str, findings: Findings
) -> None:
    try:
        made(expected, predicted)
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        forms = {"index": "class numbers", "one_hot": "one-hot vectors", "binary": "0 and 1"}
        form = forms.get(target.form, "numbers")
        hint = ""
        if target.form == "index":
            hint = " With the loss 'categorical_crossentropy' it is given as one-hot vectors."
        detail = (
            f"{type(made).__name__} cannot compare the target {target.column.name!r}, given as "
            f"{form}, with the output {target.output!r}.{hint} Keras says: {reason}"
        )
        findings.add(pointer, "loss-mismatch", detail)
