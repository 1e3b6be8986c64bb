"""The first weights of layers that take them from side files and trained models."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.port import Port
from engine.stack import build_network
from engine.training.vocabulary import Vocabulary, vocabulary_of

_SHOWN = 20


def initialise(
    network: Any, stack: dict[str, Any], encoder: Encoder, sources: dict[str, Any], port: Port
) -> None:
    """Give every line with `weights` its first weights.

    `sources` is `{"files": {id: {"dir", "form", "description"}}, "models": {id: {"dir"}}}`.
    Word vectors go to the rows of the words that the training part was found to hold, as they
    are written or in lower case; the padding row becomes zero, the row of unknown words the mean
    of the vectors that were used, and words without a vector keep what the initializer gave
    them. An event `embedding-coverage` tells how many words were found.
    """
    for line in stack["layers"]:
        wanted = line.get("weights")
        if not wanted:
            continue
        layer = network.get_layer(line["name"])
        if "model" in wanted:
            folder = Path(sources["models"][wanted["model"]]["dir"])
            layer.set_weights(_of_model(folder, wanted.get("layer") or line["name"]))
            continue
        source = sources["files"][wanted["file"]]
        folder = Path(source["dir"])
        if source["form"] == "arrays":
            layer.set_weights(list(_arrays(folder, len(source["description"]["arrays"]))))
        else:
            found = vocabulary_of(network, stack, line, encoder)
            _set_vectors(layer, folder, found, port)


def _arrays(folder: Path, count: int) -> Iterator[Array]:
    for place in range(count):
        yield np.load(folder / f"{place}.npy", mmap_mode="r", allow_pickle=False)


def _of_model(folder: Path, name: str) -> list[Array]:
    stack = json.loads((folder / "stack.json").read_bytes())
    source = build_network(stack)
    source.load_weights(folder / "network.weights.h5")
    weights: list[Array] = source.get_layer(name).get_weights()
    return weights


def _set_vectors(layer: Any, folder: Path, vocabulary: Vocabulary, port: Port) -> None:
    vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
    table = keras.ops.convert_to_numpy(layer.embeddings).copy()
    rows = _rows_of(folder / "words.txt", vocabulary.words.values())
    missing = []
    for row, word in vocabulary.words.items():
        place = rows.get(word, rows.get(word.lower()))
        if place is None:
            missing.append(word)
        else:
            table[row] = vectors[place]
    used = [row for row in vocabulary.words if row not in vocabulary.rows_of(missing)]
    if vocabulary.padding is not None:
        table[vocabulary.padding] = 0
    if vocabulary.unknown is not None and used:
        table[vocabulary.unknown] = table[used].mean(axis=0)
    layer.set_weights([table])
    port.emit(
        "embedding-coverage",
        layer=layer.name,
        words=len(vocabulary.words),
        found=len(used),
        share=round(len(used) / max(1, len(vocabulary.words)), 4),
        missing=missing[:_SHOWN],
    )


def _rows_of(path: Path, words: Any) -> dict[str, int]:
    """Line number by word, of those words that the file holds; it is never held whole."""
    wanted = set(words)
    wanted |= {word.lower() for word in wanted}
    with path.open(encoding="utf-8", newline="\n") as lines:
        return {
            word: place
            for place, word in enumerate(line.rstrip("\n") for line in lines)
            if word in wanted
        }
