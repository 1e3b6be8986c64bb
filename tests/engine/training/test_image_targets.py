"""Images as targets: an autoencoder gives back what it was shown."""

import base64
import io
import json
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from engine.tasks import check, train
from tests.engine._port import Recorder
from tests.engine.training._job import stored

STACK = [
    {"class_name": "Flatten"},
    {"class_name": "Dense", "units": 16, "activation": "relu"},
    {"class_name": "Dense", "units": 64, "activation": "sigmoid"},
    {"class_name": "Reshape", "target_shape": [8, 8, 1]},
]


def pictures() -> bytes:
    """Sixty digits as PNG files in class folders."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number, (pixels, label) in enumerate(
            zip(load_digits().images[:60], load_digits().target, strict=False)
        ):
            png = io.BytesIO()
            Image.fromarray((pixels * 15).astype(np.uint8)).save(png, "PNG")
            archive.writestr(f"{label}/{number}.png", png.getvalue())
    return content.getvalue()


def test_an_autoencoder_learns_images(tmp_path: Path) -> None:
    data = stored(tmp_path / "pictures", pictures(), "pictures.zip")
    request = check.run(
        {
            "stack": STACK,
            "schema": data["schema"],
            "data": {"dataset": "ds_x", "features": ["image"], "target": "image"},
            "fit": {"epochs": 3, "seed": 1},
        },
        Recorder(),
    )["request"]
    assert request["compile"]["loss"]["class_name"] == "MeanSquaredError"
    payload = {**data, "request": request, "out": str(tmp_path / "out"), "threads": 1}
    recorder = Recorder()
    result = train.run(payload, recorder)
    assert result["outcome"] == "finished"
    losses = [event["logs"]["loss"] for event in recorder.named("epoch")]
    assert losses[2] < losses[0] < 1, "pixels are compared as floats from 0 to 1"
    folder = tmp_path / "out" / "evaluation"
    report = json.loads((folder / "report.json").read_text())
    (found,) = report["outputs"].values()
    assert found["elements"] == found["rows"] * 64
    shown = json.loads((folder / "pictures.json").read_text())
    assert {*shown} == {str(one["row"]) for one in found["worst"]}
    (first, *_) = shown.values()
    assert set(first) == {"input", "true", "predicted"}
    assert Image.open(io.BytesIO(base64.b64decode(first["predicted"]))).size == (8, 8)
