"""What ties the rows of a batch together, so that a batch in pieces is not the same training."""

from collections.abc import Iterator
from typing import Any

import keras

_LAYERS = (keras.layers.BatchNormalization, keras.layers.SpectralNormalization)
_LOSSES = ("Dice", "Tversky", "Circle", "dice", "tversky", "circle")
_MEAN = ("sum_over_batch_size", "mean")


def batch_bound(network: Any) -> list[str]:
    """What of a compiled network looks at a whole batch, in words; nothing where rows are alone.

    Statistics of a batch, losses that are no mean over its rows, and outputs with a mask, whose
    loss is the mean over what the mask leaves.
    """
    return [*_layers(network), *_losses(network.loss), *_masks(network)]


def _layers(network: Any) -> Iterator[str]:
    for layer in network._flatten_layers():
        if isinstance(layer, _LAYERS) and layer.trainable:
            yield f"the layer {layer.name!r} ({type(layer).__name__})"


def _losses(loss: Any) -> Iterator[str]:
    for one in keras.tree.flatten(loss):
        name = one if isinstance(one, str) else type(one).__name__
        if name in _LOSSES:
            yield f"the loss {name}"
        elif getattr(one, "reduction", "mean") not in _MEAN:
            yield f"the loss {name} with the reduction {one.reduction!r}"


def _masks(network: Any) -> Iterator[str]:
    for tensor in network.outputs:
        if getattr(tensor, "_keras_mask", None) is not None:
            yield f"the mask of the output {tensor._keras_history.operation.name!r}"
