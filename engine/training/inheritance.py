"""The first weights of a network that starts from a trained model."""

import json
from pathlib import Path
from typing import Any

import keras

from engine.dataset.encoder import Encoder
from engine.faults import Fault
from engine.port import Port
from engine.stack import build_network
from engine.stack.matching import Matching, holders, match
from engine.training.vocabulary import Vocabulary, find_vocabulary


def inherit(
    network: Any, stack: dict[str, Any], encoder: Encoder, folder: Path, model: str, port: Port
) -> None:
    """Give every layer that matches one of the model in `folder` the weights of that one.

    Layers whose lines name `weights` are left alone. An Embedding whose rows stand for other
    words than the model's gets its rows by word; words that the model does not know keep what
    the initializer gave them. An event `initialized` tells which layers matched. Raises
    Fault("data-error") when none does.
    """
    lines = json.loads((folder / "stack.json").read_bytes())
    source = build_network(lines)
    source.load_weights(folder / "network.weights.h5")
    matching = _matching(network, stack, source, lines)
    if not matching.taken:
        raise Fault("data-error", f"No layer can start from the model {model}.")
    known = Encoder.from_json(json.loads((folder / "encoding.json").read_bytes()))
    words = []
    for name, origin in matching.taken.items():
        layer, giver = network.get_layer(name), source.get_layer(origin)
        ours = _vocabulary(network, stack, name, encoder)
        theirs = _vocabulary(source, lines, origin, known)
        if ours is None or theirs is None or ours == theirs:
            layer.set_weights(giver.get_weights())
        else:
            words.append({"layer": name, **_by_word(layer, giver, ours, theirs)})
    port.emit("initialized", model=model, **matching.to_json(), words=words)


def _matching(network: Any, stack: dict[str, Any], source: Any, lines: dict[str, Any]) -> Matching:
    own = [line["name"] for line in stack["layers"] if line.get("weights")]
    return match(
        holders(stack, {layer.name: layer for layer in network.layers}),
        holders(lines, {layer.name: layer for layer in source.layers}),
        own,
    )


def _vocabulary(
    network: Any, stack: dict[str, Any], name: str, encoder: Encoder
) -> Vocabulary | None:
    line = next(line for line in stack["layers"] if line["name"] == name)
    if line["class_name"] != "Embedding":
        return None
    return find_vocabulary(network, stack, line, encoder)


def _by_word(layer: Any, giver: Any, ours: Vocabulary, theirs: Vocabulary) -> dict[str, int]:
    """Copy the rows of the words that both know; how many words there are, and how many found."""
    table = keras.ops.convert_to_numpy(layer.embeddings).copy()
    given = keras.ops.convert_to_numpy(giver.embeddings)
    rows = {word: row for row, word in theirs.words.items()}
    found = {row: rows[word] for row, word in ours.words.items() if word in rows}
    for row, place in [(ours.padding, theirs.padding), (ours.unknown, theirs.unknown)]:
        if row is not None and place is not None:
            table[row] = given[place]
    for row, place in found.items():
        table[row] = given[place]
    layer.embeddings.assign(table)
    return {"words": len(ours.words), "found": len(found)}
