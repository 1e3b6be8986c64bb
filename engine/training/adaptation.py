"""Preprocessing layers learn from the training part before the network is built.

What a layer learns is written into the stack as constructor arguments, so that the stack with
its weights is the whole network.
"""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.stack import build_network, build_object
from engine.training.tensors import Values

_LEARNED = {
    "Normalization": ("mean", "variance"),
    "Discretization": ("bin_boundaries",),
    "StringLookup": ("vocabulary",),
    "IntegerLookup": ("vocabulary",),
    "TextVectorization": ("vocabulary",),
}
_END = "arriving-at-the-layer"
_FIELDS = frozenset({"name", "inputs", "kwargs", "weights", "class_name"})


def adapt(stack: dict[str, Any], inputs: dict[str, Values]) -> dict[str, Any]:
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


def _ref(value: Any) -> str | None:
    """The layer that a reference names, None for what is no reference."""
    name = value.get("layer") if isinstance(value, dict) else value
    return name if isinstance(name, str) else None


def _inputs(layers: list[dict[str, Any]], place: int) -> list[Any]:
    """The references of a layer's `inputs`; those it leaves out too."""
    given = layers[place].get("inputs")
    if given is None:
        # An Input takes nothing; all others take the layer above.
        alone = layers[place]["class_name"] in ("Input", "InputLayer") or not place
        return [] if alone else [layers[place - 1]["name"]]
    return given if isinstance(given, list) else [given]


def _sources(layers: list[dict[str, Any]], place: int) -> list[str]:
    """The layers whose outputs a layer takes, by `inputs` and by `kwargs`."""
    refs = list(_inputs(layers, place))
    for value in (layers[place].get("kwargs") or {}).values():
        members = value if isinstance(value, list) else [value]
        refs += [member for member in members if isinstance(member, dict)]
    return [name for name in map(_ref, refs) if name is not None]


def _arriving(layers: list[dict[str, Any]], place: int, inputs: dict[str, Values]) -> Array:
    """What reaches a layer: the Input's rows, or those rows through the layers between."""
    source = _inputs(layers, place)[0]
    if source in inputs:
        return np.asarray(inputs[source])
    chain = _chain(layers, str(_ref(source)))
    chain.append({"class_name": "Identity", "name": _END, "inputs": [source]})
    network = build_network({"layers": chain, "outputs": [_END]})
    named = (layer["name"] for layer in chain)
    fed = {name: np.asarray(inputs[name]) for name in named if name in inputs}
    return np.asarray(network.predict(fed if len(fed) > 1 else next(iter(fed.values())), verbose=0))


def _chain(layers: list[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    """The layers that lead to `source`, in order, as a stack of their own."""
    places = {layer["name"]: number for number, layer in enumerate(layers)}
    needed: set[int] = set()
    pending = [places[source]]
    while pending:
        number = pending.pop()
        if number not in needed:
            needed.add(number)
            pending += [places[name] for name in _sources(layers, number)]
    owners: dict[str, str] = {}
    chain = []
    for number in sorted(needed):
        layer = layers[number]
        if "shared" in layer:
            layer = _called_again(layer, layers[places[layer["shared"]]], owners)
        else:
            owners[layer["name"]] = layer["name"]
        found = _inputs(layers, number)
        chain.append({**layer, **({"inputs": found} if found else {})})
    return chain


def _called_again(
    line: dict[str, Any], first: dict[str, Any], owners: dict[str, str]
) -> dict[str, Any]:
    """A later call of a layer, which makes the layer itself where its first call is left out."""
    if first["name"] in owners:
        return {**line, "shared": owners[first["name"]]}
    owners[first["name"]] = line["name"]
    kept = {key: value for key, value in first.items() if key not in ("inputs", "kwargs")}
    again = {key: value for key, value in line.items() if key in ("inputs", "kwargs")}
    return {**kept, **again, "name": line["name"]}


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
