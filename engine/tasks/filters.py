"""The task `filters`: what the first convolution of a trained model has learned to look for."""

from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.faults import Fault
from engine.port import Port
from engine.prediction.predictor import loaded
from engine.training.device import silence_known_warnings

_MOST = 64
_LARGEST = 32
_KINDS = ("Conv1D", "Conv2D")


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """`{"layer", "class_name", "filters": [[row, …], …], "left_out"}` of the model in the folder
    `model`: each filter as rows of numbers from -1 to 1, the largest weight of all being 1.

    A Conv2D's filter is its kernel's mean over the input's channels; a Conv1D's has a row for each
    channel. Of very many or very large ones the first are given. Raises Fault("not-found") for a
    model without a convolution.
    """
    silence_known_warnings()
    network = loaded(Path(payload["model"]), payload["digest"]).network
    layer = next((one for one in network.layers if type(one).__name__ in _KINDS), None)
    if layer is None:
        names = ", ".join(one.name for one in network.layers)
        raise Fault(
            "not-found", f"The model has no Conv1D or Conv2D; its layers are {names}."[:500]
        )
    kernel = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float64)
    rows = kernel.mean(axis=2) if kernel.ndim == 4 else kernel.swapaxes(0, 1)
    rows = rows[:_LARGEST, :_LARGEST, :_MOST]
    rows = rows / (np.abs(rows).max() or 1.0)
    return {
        "layer": layer.name,
        "class_name": type(layer).__name__,
        "filters": np.moveaxis(rows, -1, 0).round(4).tolist(),
        "left_out": int(kernel.shape[-1] - rows.shape[-1]),
    }
