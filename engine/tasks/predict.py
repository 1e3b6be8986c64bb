"""Answering raw records with a trained model."""

from pathlib import Path
from typing import Any

from engine.port import Port
from engine.prediction.predictor import loaded
from engine.training.device import silence_known_warnings


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Predictions for `records` by the model in the folder `model`; `digest` names its weights.

    Raises Fault("invalid-request") for records that do not fit the model.
    """
    del port
    silence_known_warnings()
    predictor = loaded(Path(payload["model"]), payload["digest"])
    return {"predictions": predictor.answer(payload["records"]), "outputs": predictor.outputs}
