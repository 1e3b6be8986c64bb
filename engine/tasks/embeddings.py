"""The vectors of an Embedding of a trained model, each with what it stands for."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.dataset.content import Array
from engine.faults import Fault
from engine.port import Port
from engine.prediction.predictor import Predictor, loaded
from engine.training.device import silence_known_warnings
from engine.training.vocabulary import Vocabulary, find_vocabulary


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Write the vectors of `layer` as `form` to the file `out`; `{"rows", "width"}`.

    Forms: `csv` (a header, then label and numbers), `npy` (float32[rows, width]), `tsv` and
    `metadata` (numbers and labels apart, as TensorFlow's Embedding Projector takes them). A label
    is the token or category of the row, "" for padding, "[UNK]" for other words, or the row's
    number where no vocabulary is known. Raises Fault("not-found") when `layer` is none of the
    model's Embeddings.
    """
    silence_known_warnings()
    predictor = loaded(Path(payload["model"]), payload["digest"])
    line = _line(predictor, payload["layer"])
    table = predictor.network.get_layer(line["name"]).embeddings
    vectors = keras.ops.convert_to_numpy(table)
    found = find_vocabulary(predictor.network, predictor.stack, line, predictor.encoder)
    labels = (found or Vocabulary({})).labels(len(vectors))
    FORMS[payload["form"]](Path(payload["out"]), labels, vectors)
    return {"rows": len(vectors), "width": int(vectors.shape[1])}


def _line(predictor: Predictor, name: str) -> dict[str, Any]:
    known: dict[str, dict[str, Any]] = {
        layer["name"]: layer
        for layer in predictor.stack["layers"]
        if layer["class_name"] == "Embedding"
    }
    if name not in known:
        there = f"it has {', '.join(known)}" if known else "it has none"
        raise Fault("not-found", f"The model has no Embedding {name[:100]!r}; {there}.")
    return known[name]


def _csv(path: Path, labels: list[str], vectors: Array) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["label", *(f"v{place}" for place in range(vectors.shape[1]))])
        for label, row in zip(labels, vectors, strict=True):
            writer.writerow([label, *map(str, row)])


def _npy(path: Path, labels: list[str], vectors: Array) -> None:
    del labels
    with path.open("wb") as file:
        np.save(file, vectors, allow_pickle=False)


def _tsv(path: Path, labels: list[str], vectors: Array) -> None:
    del labels
    with path.open("w", encoding="utf-8") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in vectors)


def _metadata(path: Path, labels: list[str], vectors: Array) -> None:
    del vectors
    with path.open("w", encoding="utf-8") as file:
        # A tab or a line break within a category would shift all that follow.
        file.writelines(" ".join(label.split()) + "\n" for label in labels)


FORMS: dict[str, Callable[[Path, list[str], Array], None]] = {
    "csv": _csv,
    "npy": _npy,
    "tsv": _tsv,
    "metadata": _metadata,
}
