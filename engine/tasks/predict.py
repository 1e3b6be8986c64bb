"""Answering raw records with a trained model."""

from pathlib import Path
from typing import Any

from engine.port import Port
from engine.prediction.body import Body
from engine.prediction.predictor import loaded
from engine.training.device import silence_known_warnings


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Predictions by the model in the folder `model`; `digest` names its weights.

    For `records`, or for a `body` as `columns_of_body` reads it. Raises Fault ("invalid-request",
    "too-large", "unsupported-media-type") for what does not fit the model.
    """
    del port
    silence_known_warnings()
    predictor = loaded(Path(payload["model"]), payload["digest"])
    if "body" in payload:
        predictions = predictor.answer_body(Body(**payload["body"]))
    else:
        predictions = predictor.answer(payload["records"])
    return {"predictions": predictions, "outputs": predictor.outputs}
