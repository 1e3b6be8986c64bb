"""Payloads for training tests: real data in canonical form, requests with everything filled in."""

import io
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits, load_iris

from engine.tasks import read
from tests.engine._port import Recorder

STANDARD = {"class_name": "standard"}
RAW = {"class_name": "raw", "dtype": None}


def stored(folder: Path, data: bytes, filename: str | None = None) -> dict[str, Any]:
    """Read bytes as a dataset; the parts of a train payload that name it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "upload").write_bytes(data)
    out = folder / "data"
    payload = {"path": str(folder / "upload"), "filename": filename, "out": str(out)}
    return {"data": str(out), "schema": read.run(payload, Recorder())["schema"]}


def iris(folder: Path) -> dict[str, Any]:
    """Iris as CSV with species names."""
    bunch = load_iris(as_frame=True)
    frame = bunch.frame.assign(species=bunch.target_names[bunch.target]).drop(columns="target")
    return stored(folder, frame.to_csv(index=False).encode())


def digits(folder: Path) -> dict[str, Any]:
    """The 8 x 8 digits as NPZ."""
    bunch = load_digits()
    buffer = io.BytesIO()
    np.savez(buffer, image=bunch.images[..., None].astype(np.float32) / 16, label=bunch.target)
    return stored(folder, buffer.getvalue())


IRIS_COLUMNS = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]


def iris_request(**changes: Any) -> dict[str, Any]:
    """A small network with dropout on iris."""
    request: dict[str, Any] = {
        "data": {
            "dataset": "ds_x",
            "target": "species",
            "inputs": {"input": {"columns": IRIS_COLUMNS, "encoding": [STANDARD] * 4}},
            "sample_weight": None,
            "split": {"by": "stratified", "validation": 0.2, "test": 0.0},
        },
        "stack": {
            "layers": [
                {"class_name": "Input", "name": "input", "shape": [4]},
                {"class_name": "Dense", "name": "hidden", "units": 16, "activation": "relu"},
                {"class_name": "Dropout", "name": "dropout", "rate": 0.3},
                {"class_name": "Dense", "name": "output", "units": 3, "activation": "softmax"},
            ]
        },
        "compile": {
            "optimizer": {"class_name": "Adam", "learning_rate": 0.01},
            "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy"],
        },
        "fit": {"epochs": 6, "batch_size": 16, "seed": 7, "class_weight": None, "shuffle": True},
        "callbacks": [],
        "resources": {"gpus": 0, "max_seconds": 60},
    }
    for key, value in changes.items():
        request[key] = {**request.get(key, {}), **value} if isinstance(value, dict) else value
    return request


def payload(
    data: dict[str, Any], request: dict[str, Any], out: Path, **more: Any
) -> dict[str, Any]:
    """A train payload."""
    return {**data, "request": request, "out": str(out), "threads": 2, "gpus": 0, **more}
