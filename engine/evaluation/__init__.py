"""How good a network is on rows that it was not trained on, in the ways that its targets allow.

Computed in chunks: what is kept of the outputs is bounded, and so is the answer.
"""

from typing import Any

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.evaluation.finite import finite
from engine.evaluation.forward import forward
from engine.evaluation.kinds import Task, kind_of
from engine.targets import TargetEncoding
from engine.training.compilation import loss_of, named, output_shapes
from engine.training.parts import Source
from engine.training.tensors import Tensors

__all__ = ["assess"]


def assess(
    network: Any,
    encoder: Encoder,
    tensors: Tensors,
    source: Source,
    request: dict[str, Any],
    most: int | None = None,
) -> dict[str, dict[str, Any]]:
    """By output name what its kind tells, as JSON without NaN; see the files of `kinds`.

    `source` tells which rows of which dataset the tensors are. All rows count alike, whatever
    their sample weights. The network takes `most` rows at a time.
    """
    shapes = output_shapes(network)
    kinds, truths = {}, {}
    for place, (name, target) in enumerate(encoder.targets.items()):
        loss, from_logits = named(loss_of(request["compile"]["loss"], name, place))
        truths[name] = target.truth(tensors.y[name])
        kinds[name] = kind_of(
            _task(target, truths[name], shapes[name], loss or "", from_logits, source)
        )
    batch = int(request["fit"].get("batch_size") or 32)
    for start, outputs in forward(network, tensors, batch, most):
        for name, kind in kinds.items():
            stop = start + len(outputs[name])
            said = encoder.targets[name].said(outputs[name])
            kind.add(start, truths[name][start:stop], said)
    return {name: finite(kind.answer()) for name, kind in kinds.items()}


def _task(
    target: TargetEncoding,
    y: Array,
    shape: tuple[int | None, ...],
    loss: str,
    from_logits: bool,
    source: Source,
) -> Task:
    """The task of an output; steps of an order are judged as the classes that they tell of."""
    if target.form != "ordinal":
        return Task(target, y, shape, loss, from_logits, source)
    classes = TargetEncoding(target.column, "index", target.classes)
    return Task(
        classes, y, (len(target.classes),), "sparse_categorical_crossentropy", False, source
    )
