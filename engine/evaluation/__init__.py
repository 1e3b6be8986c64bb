"""How good a network is on rows that it was not trained on, in the ways that its targets allow.

Computed in chunks: what is kept of the outputs is bounded, and so is the answer.
"""

from typing import Any

from engine.dataset.encoder import Encoder
from engine.evaluation.finite import finite
from engine.evaluation.forward import forward
from engine.evaluation.kinds import Task, kind_of
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
) -> dict[str, dict[str, Any]]:
    """By output name what its kind tells, as JSON without NaN; see the files of `kinds`.

    `source` tells which rows of which dataset the tensors are. All rows count alike, whatever
    their sample weights.
    """
    shapes = output_shapes(network)
    kinds = {}
    for place, (name, target) in enumerate(encoder.targets.items()):
        loss, from_logits = named(loss_of(request["compile"]["loss"], name, place))
        task = Task(target, tensors.y[name], shapes[name], loss or "", from_logits, source)
        kinds[name] = kind_of(task)
    batch = int(request["fit"].get("batch_size") or 32)
    for start, outputs in forward(network, tensors, batch):
        for name, kind in kinds.items():
            stop = start + len(outputs[name])
            kind.add(start, tensors.y[name][start:stop], outputs[name])
    return {name: finite(kind.answer()) for name, kind in kinds.items()}
