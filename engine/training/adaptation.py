"""Preprocessing layers learn from the training part before the network is built.

What a layer learns is written into the stack as constructor arguments, so that the stack with
its weights is the whole network.
"""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.stack import build_network, build_object

_LEARNED = {
    "Normalization": ("mean", "variance"),
    "Discretization": ("bin_boundaries",),
    "StringLookup": ("vocabulary",),
    "IntegerLookup": ("vocabulary",),
    "TextVectorization": ("vocabulary",),
}
_FIELDS = frozenset({"name", "inputs", "kwargs", "weights", "class_name"})


def adapt(stack: dict[str, Any], inputs: dict[str, Array]) -> dict[str, Any]:
    """The stack in which every layer that must be adapted has what it learned from `inputs`.

    `inputs` are the encoded rows of the training part by Input name. Layers that were given
    their mean, vocabulary or boundaries keep them.
    """
    layers = [dict(layer) for layer in stack["layers"]]
    for place, layer in enumerate(layers):
        names = _LEARNED.get(layer["class_name"])
        if names and all(_argument(layer, name) is None for name in names):
            values = _arriving(layers, place, inputs)
            _give(layer, _learned(layer, values))
    return {**stack, "layers": layers}


def _argument(layer: dict[str, Any], name: str) -> Any:
    return (layer.get("config") or layer).get(name)


def _give(layer: dict[str, Any], learned: dict[str, Any]) -> None:
    if "config" in layer:
        layer["config"] = {**layer["config"], **learned}
    else:
        layer.update(learned)


def _sources(layers: list[dict[str, Any]], place: int) -> list[str]:
    given = layers[place].get("inputs")
    if given is None:
        return [layers[place - 1]["name"]] if place else []
    return [given] if isinstance(given, str) else list(given)


def _arriving(layers: list[dict[str, Any]], place: int, inputs: dict[str, Array]) -> Array:
    """What reaches a layer: the Input's rows, or those rows through the layers between."""
    source = _sources(layers, place)[0]
    if source in inputs:
        return inputs[source]
    places = {layer["name"]: number for number, layer in enumerate(layers)}
    needed: set[int] = set()
    pending = [places[source]]
    while pending:
        number = pending.pop()
        if number not in needed:
            needed.add(number)
            pending += [places[name] for name in _sources(layers, number)]
    chain = [
        {**layers[number], **({"inputs": found} if (found := _sources(layers, number)) else {})}
        for number in sorted(needed)
    ]
    network = build_network({"layers": chain, "outputs": [source]})
    fed = {layer["name"]: inputs[layer["name"]] for layer in chain if layer["name"] in inputs}
    return np.asarray(network.predict(fed if len(fed) > 1 else next(iter(fed.values())), verbose=0))


def _learned(layer: dict[str, Any], values: Array) -> dict[str, Any]:
    spec = {key: value for key, value in layer.items() if key not in _FIELDS}
    made = build_object("layers", {"class_name": layer["class_name"], **spec})
    if values.dtype == object:
        import tensorflow as tf

        values = tf.constant(values)
    made.adapt(values)
    if layer["class_name"] == "Normalization":
        return {
            "mean": np.asarray(made.adapt_mean).tolist(),
            "variance": np.asarray(made.adapt_variance).tolist(),
        }
    if layer["class_name"] == "Discretization":
        return {"bin_boundaries": [float(edge) for edge in made.bin_boundaries]}
    return _vocabulary(layer, made)


def _vocabulary(layer: dict[str, Any], made: Any) -> dict[str, Any]:
    learned: dict[str, Any] = {
        "vocabulary": [_plain(word) for word in made.get_vocabulary(include_special_tokens=False)]
    }
    if _argument(layer, "output_mode") == "tf_idf":
        lookup = getattr(made, "_lookup_layer", made)
        weights = np.asarray(lookup.idf_weights).tolist()
        learned["idf_weights"] = weights[len(weights) - len(learned["vocabulary"]) :]
    return learned


def _plain(word: Any) -> Any:
    return word.item() if isinstance(word, np.generic) else word
