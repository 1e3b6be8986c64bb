"""First weights from word vectors, from arrays, and from a model that was trained before."""

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.tasks import embeddings, inspect, train
from tests.engine._port import Recorder
from tests.engine.training import _job
from tests.engine.training.test_text import TAIL, reviews

WORDS = ["film", "was", "and", "long", "Lovely", "great", "awful", "poor"]
TOKENS = {"class_name": "tokens", "length": 8, "max_tokens": 200}
INPUT = {"class_name": "Input", "name": "text", "shape": [8], "dtype": "int32"}
STRINGS = {"class_name": "Input", "name": "text", "shape": [1], "dtype": "string"}
VECTORIZER = {
    "class_name": "TextVectorization",
    "name": "v",
    "max_tokens": 200,
    "output_sequence_length": 8,
}


def side_file(folder: Path, content: bytes) -> dict[str, Any]:
    folder.mkdir()
    (folder / "source").write_bytes(content)
    out = folder / "canonical"
    found = inspect.run({"path": str(folder / "source"), "out": str(out)}, Recorder())
    return {"dir": str(out), **found}


def vectors() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    return {word: rng.normal(size=8).astype("f4") for word in WORDS}


def glove(known: dict[str, Any]) -> bytes:
    lines = [" ".join([word.lower(), *map(repr, map(float, row))]) for word, row in known.items()]
    return "\n".join([*lines, "unheard 1 1 1 1 1 1 1 1"]).encode()


def run(
    folder: Path, data: dict[str, Any], layers: list[Any], encoding: Any, **more: Any
) -> tuple[Path, Recorder]:
    request = _job.iris_request(
        data={
            "target": "mood",
            "inputs": {"text": {"columns": ["review"], "encoding": [encoding]}},
        },
        stack={"layers": layers},
        compile={"loss": "binary_crossentropy"},
        fit={"epochs": 2},
    )
    port = Recorder()
    train.run(_job.payload(data, request, folder, **more), port)
    return folder / "model", port


def table(model: Path, layer: str = "e") -> tuple[list[str], Any]:
    """Labels and vectors of an Embedding, as they are handed out."""
    for form in ("csv", "npy", "tsv", "metadata"):
        out = model.parent / form
        payload = {"model": str(model), "digest": str(model), "layer": layer, "out": str(out)}
        embeddings.run({**payload, "form": form}, Recorder())
    vectors = np.load(model.parent / "npy")
    rows = list(csv.reader((model.parent / "csv").read_text().splitlines()))
    labels = [row[0] for row in rows[1:]]
    assert np.array_equal(np.array([row[1:] for row in rows[1:]], "f4"), vectors)
    assert np.array_equal(np.loadtxt(model.parent / "tsv", dtype="f4"), vectors)
    assert (model.parent / "metadata").read_text().split("\n")[:-1] == labels
    return labels, vectors


@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        ([INPUT], TOKENS),
        ([STRINGS, VECTORIZER], {"class_name": "raw", "dtype": "string"}),
    ],
)
@pytest.mark.parametrize("frozen", [True, False])
def test_word_vectors_reach_the_rows_of_their_words(
    tmp_path: Path, before: list[Any], encoding: Any, frozen: bool
) -> None:
    data, known = reviews(tmp_path / "reviews"), vectors()
    files = {"file_v": side_file(tmp_path / "file", glove(known))}
    first = {**TAIL[0], "weights": {"file": "file_v"}, "trainable": not frozen}
    model, port = run(
        *(tmp_path / "out", data, [*before, first, *TAIL[1:]], encoding), files=files, models={}
    )
    labels, rows = table(model)
    assert labels[:2] == ["", "[UNK]"]
    same = [np.allclose(rows[labels.index(word.lower())], vector) for word, vector in known.items()]
    assert all(same) is frozen, "what is trained moves, what is frozen does not"
    if frozen:
        used = [rows[labels.index(word.lower())] for word in known]
        assert np.allclose(rows[1], np.mean(used, axis=0), atol=1e-6)
        assert not rows[0].any()
    (coverage,) = port.named("embedding-coverage")
    assert coverage["found"] == len(WORDS)
    assert 0 < coverage["share"] == round(len(WORDS) / coverage["words"], 4) < 1
    assert "dreadful" in labels
    assert set(coverage["missing"]) <= set(labels)


def test_arrays_and_layers_of_a_model(tmp_path: Path) -> None:
    data = reviews(tmp_path / "reviews")
    given = np.random.default_rng(1).normal(size=(200, 8)).astype("f4")
    buffer = io.BytesIO()
    np.save(buffer, given)
    files = {"file_e": side_file(tmp_path / "file", buffer.getvalue())}
    frozen = {**TAIL[0], "weights": {"file": "file_e"}, "trainable": False}
    model, _ = run(
        *(tmp_path / "one", data, [INPUT, frozen, *TAIL[1:]], TOKENS), files=files, models={}
    )
    assert np.array_equal(table(model)[1], given)
    heir = {**TAIL[0], "name": "h", "trainable": False}
    heir["weights"] = {"model": "mdl_m", "layer": "e"}
    other, _ = run(
        *(tmp_path / "two", data, [INPUT, heir, *TAIL[1:]], TOKENS),
        files={},
        models={"mdl_m": {"dir": str(model)}},
    )
    assert np.array_equal(table(other, "h")[1], given)
