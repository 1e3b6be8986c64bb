"""Looking through all values of a training before it begins: those that no step would survive.

Every check is a pass or two over an array for its smallest and largest value, nothing is copied.
"""

import math
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.encodings import PREPROCESSING
from engine.faults import Fault, Item
from engine.training.compilation import loss_of, named
from engine.training.tensors import Tensors, Values

_BOUNDS = {
    "binarycrossentropy": (0, 1),
    "binaryfocalcrossentropy": (0, 1),
    "categoricalcrossentropy": (0, 1),
    "categoricalfocalcrossentropy": (0, 1),
    "kldivergence": (0, 1),
    "poisson": (0, math.inf),
    "meansquaredlogarithmicerror": (-1, math.inf),
}
"""The targets that a loss is defined for, by its name without underscores."""


def inspect(request: dict[str, Any], parts: dict[str, Tensors], shapes: dict[str, Any]) -> None:
    """Look for missing and infinite values, labels and indices out of range.

    `shapes` are those of the outputs without the batch axis. Raises Fault("data-error"), or
    Fault("canary-failed") where only the stack is at odds with the data, with every finding.
    """
    found: list[Item] = []
    layers = request["stack"]["layers"]
    for part, tensors in parts.items():
        for name, values in tensors.x.items():
            takers = [place for place, layer in enumerate(layers) if _source(layers, place) == name]
            if not any(layers[place]["class_name"] in PREPROCESSING for place in takers):
                found += _finite(values, f"/data/inputs/{name}", f"Input {name!r}", part)
            for place in takers:
                found += _indices(layers[place], place, name, values, part)
        for place, (name, values) in enumerate(tensors.y.items()):
            pointer = "/data/target" if len(tensors.y) == 1 else f"/data/target/{name}"
            loss, _ = named(loss_of(request["compile"]["loss"], name, place))
            found += _targets(values, pointer, loss or "", shapes[name], part)
    if found:
        spec = all(item.pointer.startswith("/stack") for item in found)
        raise Fault("canary-failed" if spec else "data-error", found[0].detail, found)


def _source(layers: list[dict[str, Any]], place: int) -> Any:
    """The name of the only layer that a layer takes; None for Inputs and for several."""
    if layers[place]["class_name"] == "Input":
        return None
    given = layers[place].get("inputs")
    if given is None:
        return layers[place - 1]["name"] if place else None
    return given[0] if isinstance(given, list) and len(given) == 1 else given


def _range(values: Values) -> tuple[float, float]:
    """The smallest and the largest value; NaN where there is one, or where nothing is."""
    if values.dtype.kind not in "iufb" or not values.size:
        return (0.0, 0.0)
    return float(values.min()), float(values.max())


def _finite(values: Values, pointer: str, what: str, part: str) -> list[Item]:
    if all(map(math.isfinite, _range(values))):
        return []
    bad = ~np.isfinite(np.asarray(values)).reshape(len(values), -1).all(axis=1)
    detail = (
        f"{what} holds NaN or infinity in {int(bad.sum())} rows of the {part} part; the loss"
        " would be NaN."
    )
    return [Item(pointer, "bad-value", detail)]


def _indices(layer: dict[str, Any], place: int, name: str, values: Values, part: str) -> list[Item]:
    """Whether the numbers that an Input brings to an Embedding are rows of its matrix."""
    if layer["class_name"] != "Embedding":
        return []
    size = int((layer.get("config") or layer)["input_dim"])
    low, high = _range(values)
    if low < 0:
        detail = f"Input {name!r} holds {low:g} in the {part} part; an Embedding counts from 0."
        return [Item(f"/data/inputs/{name}", "bad-value", detail)]
    if high < size or not math.isfinite(high):
        return []
    pointer = f"/stack/layers/{place}/{'config/' if 'config' in layer else ''}input_dim"
    detail = (
        f"The Embedding {layer['name']!r} has {size} rows, but Input {name!r} holds {high:g} in"
        f" the {part} part: {high + 1:g} are needed."
    )
    fix = [{"op": "replace", "path": pointer, "value": int(high) + 1}]
    return [Item(pointer, "bad-value", detail, fix=fix)]


def _targets(values: Array, pointer: str, loss: str, shape: Any, part: str) -> list[Item]:
    found = _finite(values, pointer, "The target", part)
    short = loss.replace("_", "").lower()
    low, high = _range(values)
    if found:
        return found
    if short == "sparsecategoricalcrossentropy":
        units = shape[-1] if shape else None
        if units is not None and (low < 0 or high >= units):
            detail = (
                f"The labels of the {part} part run from {low:g} to {high:g}; an output of {units}"
                f" units has the classes 0 to {units - 1}."
            )
            found.append(Item(pointer, "target-mismatch", detail))
        return found
    least, most = _BOUNDS.get(short, (-math.inf, math.inf))
    if low < least or high > most:
        detail = (
            f"The target runs from {low:g} to {high:g} in the {part} part; {loss} is defined from"
            f" {least:g} to {most:g}."
        )
        found.append(Item(pointer, "loss-mismatch", detail))
    return found
