"""Judging a trained model by the rows of a dataset."""

from pathlib import Path
from typing import Any

from engine.dataset.canonical import Dataset
from engine.dataset.schema import Schema
from engine.evaluation.report import write_report
from engine.evaluation.whole import Judged, judged_by
from engine.faults import Fault
from engine.port import Port
from engine.prediction.predictor import Predictor
from engine.training.blame import classified
from engine.training.compilation import compile_network
from engine.training.device import prepare
from engine.training.loop import evaluate
from engine.training.pieces import Pieces
from engine.training.tensors import encode, inputs

PART = "dataset"


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Evaluate the model in the folder `model` on the dataset in `data`, of all its rows.

    `request` is the canonical request that the model was trained by: its loss, metrics and
    sample weights count. Writes the files of an evaluation below `out`, and answers
    `{"outcome", "evaluation"}` with the short form. Rows without a target, or with a label that
    the model does not know, are left out, counted and told. Raises Fault("data-error").
    """
    device = prepare(payload.get("threads"), int(payload.get("gpus") or 0))
    with classified():
        return _evaluated(payload, port, device)


def _evaluated(payload: dict[str, Any], port: Port, device: dict[str, Any]) -> dict[str, Any]:
    predictor, request = Predictor(Path(payload["model"])), payload["request"]
    dataset = Dataset(Path(payload["data"]), Schema.from_json(payload["schema"]))
    network, encoder = predictor.network, predictor.encoder
    judged = judged_by(dataset, encoder, request["data"].get("sample_weight"))
    _warn(judged, port)
    if not len(judged.source.rows):
        raise Fault("data-error", "No row of the dataset has a target that the model knows.")
    port.emit("begun", rows=len(judged.source.rows), device=device)
    tensors = encode(judged.source, encoder, request, inputs(judged.source, encoder), False)
    compile_network(network, request["compile"], encoder.targets)
    batch = int(request["fit"].get("batch_size") or 32)
    found = evaluate(network, {"test": tensors}, batch, Pieces())
    found |= {"part": PART, "baseline": None, "lift_over_baseline": None}
    told = {**found, "left_out": judged.left_out, "unknown_labels": judged.unknown}
    write_report(Path(payload["out"]), told, network, encoder, (tensors, judged.source), request)
    return {"outcome": "finished", "evaluation": found}


def _warn(judged: Judged, port: Port) -> None:
    """Tell of rows that count for nothing."""
    if judged.left_out:
        detail = f"{judged.left_out} rows without a known target or a weight are left out."
        port.emit("warning", code="rows-left-out", detail=detail)
    if judged.unknown:
        listed = ", ".join(f"{label!r} ({count})" for label, count in judged.unknown.items())
        detail = f"The model knows no such labels: {listed}."
        port.emit("warning", code="unknown-labels", detail=detail[:500])
