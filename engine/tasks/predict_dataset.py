"""Answering every row of a dataset with a trained model."""

import time
from pathlib import Path
from typing import Any

from engine.dataset.canonical import Dataset
from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.port import Port
from engine.prediction.predictor import Predictor
from engine.prediction.table import count, tables
from engine.training.blame import classified
from engine.training.device import prepare

NAMES = {"csv": "predictions.csv", "parquet": "predictions.parquet"}


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Predict for the dataset in `data` by the model in the folder `model`.

    Writes the table as CSV and as Parquet below `out`; `{"outcome", "rows", "columns"}`.
    Raises Fault("data-error") for rows that the model's encoding cannot take.
    """
    device = prepare(payload.get("threads"), int(payload.get("gpus") or 0))
    with classified():
        return _predict(payload, port, device)


def _predict(payload: dict[str, Any], port: Port, device: dict[str, Any]) -> dict[str, Any]:
    import polars as pl

    predictor = Predictor(Path(payload["model"]))
    dataset = Dataset(Path(payload["data"]), Schema.from_json(payload["schema"]))
    rows, out = count(predictor, dataset), Path(payload["out"])
    if not rows:
        raise Fault("data-error", "The dataset has too few rows for one answer.")
    port.emit("begun", rows=rows, device=device)
    began, done, parts = time.monotonic(), 0, []
    for part in tables(predictor, dataset):
        parts.append(part)
        done += len(part)
        left = (time.monotonic() - began) * (rows - done) / done
        port.emit("progress", epoch=0, step=done, logs={}, eta_seconds=round(left, 1))
        if port.order == "handover":
            return {"outcome": "handover"}
    whole = pl.concat(parts)
    whole.write_csv(out / NAMES["csv"])
    whole.write_parquet(out / NAMES["parquet"])
    return {"outcome": "finished", "rows": len(whole), "columns": whole.columns}
