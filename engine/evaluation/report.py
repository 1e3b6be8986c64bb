"""The files of an evaluation: what was found, and pictures of the worst rows."""

import json
from pathlib import Path
from typing import Any

from engine.dataset.encoder import Encoder
from engine.evaluation import assess
from engine.evaluation.finite import finite
from engine.evaluation.pictures import pictures_of
from engine.training.parts import Source
from engine.training.tensors import Tensors

FOLDER = "evaluation"


def write_report(
    out: Path,
    evaluation: dict[str, Any],
    network: Any,
    encoder: Encoder,
    held: tuple[Tensors, Source],
    request: dict[str, Any],
    most: int | None = None,
) -> dict[str, dict[str, Any]]:
    """Write `evaluation/report.json` below `out`, and `pictures.json` where rows hold images.

    `evaluation` is the short form with loss, metrics and baseline; the network takes `most` rows
    at a time. Returns what was found by output name.
    """
    tensors, source = held
    outputs = assess(network, encoder, tensors, source, request, most)
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    pictures = pictures_of(network, tensors, source, outputs)
    _write(folder / "report.json", {**evaluation, "outputs": outputs})
    if pictures:
        _write(folder / "pictures.json", pictures)
    return outputs


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(finite(content), allow_nan=False), encoding="utf-8")
