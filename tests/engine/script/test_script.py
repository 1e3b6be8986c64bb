"""Scripts, run by a child that has nothing of the service: the same arrays, the same training."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from palmerpenguins import load_penguins

from engine.dataset.encoder import Encoder
from engine.dataset.schema import Column
from engine.encodings import made
from engine.faults import Fault
from engine.script.pieces import PIECES
from engine.tasks import check, code, train
from engine.training.material import Material
from tests.engine._port import Recorder
from tests.engine.encodings.test_parity import CASES
from tests.engine.silent import Silent
from tests.engine.training import _job
from tests.engine.training.test_text import TAIL, reviews

_DRIVER = """
import sys, numpy as np
sys.path.insert(0, {folder!r})
import script
columns = script.read({data!r})
arrays = {{}}
for part, rows in script.divide(columns).items():
    found = script.encode(columns, rows, part == "training")
    arrays["rows/" + part] = rows
    for kind, one in zip("xyw", found):
        many = one if isinstance(one, dict) else {{"": one}}
        arrays.update({{f"{{kind}}/{{part}}/{{name}}": value for name, value in many.items()}})
np.savez({folder!r} + "/arrays.npz", **arrays)
print("parameters", script.build().count_params())
sys.argv = ["script.py", {data!r}, "--out", {folder!r} + "/model.keras"]
script.main()
"""


VALUES: dict[str, Any] = {
    "number": np.array([1.5, -2.0, np.nan, 7.25, 0.0, 3.5, 11.0, np.nan]),
    "integer": np.array([3, 1, 2, 2, 7, 3, 9, 1]),
    "category": np.array(["b", "a", None, "b", "true", "c", "false", "e"], object),
    "text": np.array(["A b c", "the a b a", None, "é E e", "a", "", "zz b b", "x"], object),
    "tensor": np.arange(32, dtype=np.float32).reshape(8, 2, 2),
}


def _planned(data: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The canonical request."""
    payload = {"schema": data["schema"], **body}
    request: dict[str, Any] = check.run(payload, Silent())["request"]
    return request


def _ran(data: dict[str, Any], body: dict[str, Any], form: str, folder: Path) -> dict[str, Any]:
    """Train by the service and by the script; what both found."""
    request = _planned(data, body)
    port = Recorder()
    result = train.run(_job.payload(data, request, folder / "job"), port)
    told = {"request": request, "schema": data["schema"], "format": form, "title": "A script."}
    text = code.run({"model": str(folder / "job" / "model"), **told}, Silent())["code"]
    (folder / "script.py").write_text(text)
    upload = str(Path(data["data"]).parent / "upload")
    driver = _DRIVER.format(folder=str(folder), data=upload)
    environment = {**os.environ, "PYTHONPATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", driver],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads((folder / "history.json").read_text())
    return {
        "text": text,
        "result": result,
        "epochs": [one["logs"] for one in port.named("epoch")],
        "history": told["history"],
        "evaluation": told["evaluation"],
        "arrays": np.load(folder / "arrays.npz"),
        "parameters": int(done.stdout.split("parameters ")[1].split()[0]),
        "request": request,
    }


def _same(found: dict[str, Any], data: dict[str, Any], folder: Path) -> None:
    """Parameters, rows, encoded arrays and metrics of both."""
    assert found["parameters"] == found["result"]["parameters"]["total"]
    kept = json.loads((folder / "job" / "model" / "encoding.json").read_bytes())
    encoder = Encoder.from_json(kept)
    payload = _job.payload(data, found["request"], folder / "again")
    names = [name for one in encoder.targets.values() for name in one.columns]
    material = Material(payload, encoder, names, frozenset(), Recorder())
    arrays = found["arrays"]
    for part, tensors in material.tensors().items():
        assert np.array_equal(arrays[f"rows/{part}"], material.division.parts[part].rows)
        for kind, group in (("x", tensors.x), ("y", tensors.y), ("w", tensors.weights)):
            for name, values in group.items():
                key = f"{kind}/{part}/" + (name if len(group) > 1 else "")
                assert arrays[key].dtype == np.asarray(values).dtype
                assert np.array_equal(arrays[key], np.asarray(values)), (part, kind, name)
    material.close()
    for name, values in found["history"].items():
        expected = [logs[name] for logs in found["epochs"] if name in logs]
        assert values == pytest.approx(expected, rel=2e-3, abs=1e-4), name
    metrics = found["result"]["evaluation"]["metrics"]
    assert found["evaluation"] == pytest.approx(metrics, rel=2e-3, abs=1e-4)


def test_penguins(tmp_path: Path) -> None:
    frame = load_penguins().drop(columns=["year"])
    data = _job.stored(tmp_path / "data", frame.to_csv(index=False).encode())
    body = {
        "data": {"dataset": "ds_x", "target": "species", "split": {"test": 0.2}},
        "stack": [
            {"class_name": "Dense", "units": 16, "activation": "relu", "name": "a-b"},
            {"class_name": "Dropout", "rate": 0.2},
            {"class_name": "Dense", "units": 3, "activation": "softmax"},
        ],
        "fit": {"epochs": 6, "batch_size": 16, "seed": 5, "class_weight": "balanced"},
        "compile": {
            "optimizer": {
                "class_name": "Adam",
                "learning_rate": {
                    "class_name": "CosineDecay",
                    "initial_learning_rate": 0.02,
                    "decay_steps": 100,
                },
            },
        },
        "callbacks": [
            {
                "class_name": "EarlyStopping",
                "monitor": "val_loss",
                "patience": 3,
                "restore_best_weights": True,
            }
        ],
    }
    found = _ran(data, body, "csv", tmp_path)
    _same(found, data, tmp_path)
    assert "What it cannot hold" in found["text"]
    assert "keras.optimizers.schedules.CosineDecay(" in found["text"]


def test_digits_in_an_archive(tmp_path: Path) -> None:
    data = _job.digits(tmp_path / "data")
    body = {
        "data": {"dataset": "ds_x", "target": "label"},
        "stack": [
            {"class_name": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
            {"class_name": "BatchNormalization"},
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 10, "activation": "softmax"},
        ],
        "compile": {"loss": "sparse_categorical_crossentropy"},
        "fit": {"epochs": 2, "batch_size": 64, "seed": 3},
    }
    _same(_ran(data, body, "npz", tmp_path), data, tmp_path)


def test_texts(tmp_path: Path) -> None:
    data = reviews(tmp_path / "data")
    tokens = {"class_name": "tokens", "length": 8, "max_tokens": 200}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "mood",
            "inputs": {"text": {"columns": ["review"], "encoding": tokens}},
        },
        "stack": [{"class_name": "Input", "name": "text", "shape": [8], "dtype": "int32"}, *TAIL],
        "fit": {"epochs": 2, "batch_size": 32, "seed": 1},
    }
    _same(_ran(data, body, "csv", tmp_path), data, tmp_path)


def test_what_no_script_holds_is_refused(tmp_path: Path) -> None:
    data = _job.iris(tmp_path / "data")
    column = {"columns": ["sepal length (cm)"], "encoding": "quantile"}
    body = {
        "data": {"dataset": "ds_x", "target": "species", "inputs": {"i": column}},
        "stack": [{"class_name": "Dense", "units": 3, "activation": "softmax"}],
        "fit": {"epochs": 1},
    }
    request = _planned(data, body)
    train.run(_job.payload(data, request, tmp_path / "job"), Recorder())
    told = {"request": request, "schema": data["schema"], "title": "A script."}
    for form, words in (("csv", "the encoding quantile"), ("image_folder", "scripts read arrow")):
        with pytest.raises(Fault, match=words) as caught:
            code.run({"model": str(tmp_path / "job" / "model"), "format": form, **told}, Silent())
        assert caught.value.code == "export-failed"


@pytest.mark.parametrize(
    ("name", "arguments"), [case for case in CASES if case[0] in PIECES], ids=str
)
@pytest.mark.parametrize("kind", VALUES)
def test_pieces_encode_as_encodings_do(name: str, arguments: dict[str, Any], kind: str) -> None:
    values = VALUES[kind]
    text = [None if value is None else str(value) for value in values.tolist()]
    known = sorted({one for one in text if one not in (None, "nan")})
    described = {"categories": known, "distinct": len(known), "missing": text.count("nan")}
    column = Column.from_json({"name": "c", "kind": kind, "dtype": "x", **described})
    encoding = made(name, **arguments)
    if encoding.complaint(column) is not None:
        return  # encodings take columns of some kinds only
    encoding.fit(values[:6], column)
    piece = PIECES[name]
    expected = encoding.transform(values)
    found = getattr(piece, name)(values, **piece.arguments(encoding))
    assert found.dtype == expected.dtype
    assert np.array_equal(found, expected)
