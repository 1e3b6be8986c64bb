"""The vectors of an Embedding of a trained model, each with what it stands for."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.faults import Fault
from engine.port import Port
from engine.prediction.predictor import loaded
from engine.training.device import silence_known_warnings
from engine.training.vocabulary import Vocabulary, find_vocabulary


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Write `vectors.npy` (float32[rows, width]) and `labels.json` into `out`; `{"rows", "width"}`.

    A label is the token or category of the row, "" for padding, "[UNK]" for other words, or the
    row's number where no vocabulary is known. Raises Fault("not-found") when `layer` is none of
    the model's Embeddings.
    """
    silence_known_warnings()
    predictor = loaded(Path(payload["model"]), payload["digest"])
    network, stack = predictor.network, predictor.stack
    known = {layer["name"]: layer for layer in stack["layers"]}
    embeddings = [name for name, one in known.items() if one["class_name"] == "Embedding"]
    name = payload["layer"]
    if name not in embeddings:
        there = f"it has {', '.join(embeddings)}" if embeddings else "it has none"
        raise Fault("not-found", f"The model has no Embedding {str(name)[:100]!r}; {there}.")
    vectors = keras.ops.convert_to_numpy(network.get_layer(name).embeddings)
    vocabulary = find_vocabulary(network, stack, known[name], predictor.encoder)
    labels = (vocabulary or Vocabulary({})).labels(len(vectors))
    out = Path(payload["out"])
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "vectors.npy", vectors, allow_pickle=False)
    (out / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    return {"rows": len(vectors), "width": int(vectors.shape[1])}
