"""The files of a trained model."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from engine.callbacks.model_checkpoint import ENDING
from engine.callbacks.model_checkpoint import FOLDER as KEPT
from engine.dataset.encoder import Encoder
from engine.training.checkpoint import sync

FOLDER = "model"
FILES = (
    "network.keras",
    "network.weights.h5",
    "network.json",
    "stack.json",
    "encoding.json",
)


def write(out: Path, network: Any, stack: dict[str, Any], encoder: Encoder) -> dict[str, str]:
    """Write the model's folder below `out`, whole or not at all; paths by file name.

    The paths are relative to `out`. Raises OSError when the storage is full.
    """
    draft = out / f"tmp-{uuid4().hex}"
    draft.mkdir(parents=True)
    try:
        _save(network, draft / "network.keras")
        network.save_weights(draft / "network.weights.h5")
        (draft / "network.json").write_text(network.to_json(), encoding="utf-8")
        (draft / "stack.json").write_text(json.dumps(stack), encoding="utf-8")
        (draft / "encoding.json").write_text(json.dumps(encoder.to_json()), encoding="utf-8")
        for path in sorted((out / KEPT).glob(f"*-*{ENDING}")):
            path.rename(draft / path.name)
        names = sorted(path.name for path in draft.iterdir())
        for name in names:
            sync(draft / name)
        sync(draft)
        draft.rename(out / FOLDER)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync(out)
    return {name: f"{FOLDER}/{name}" for name in names}


def _save(network: Any, path: Path) -> None:
    """What `network.save(path)` writes, by way of the disk: Keras would build it in memory."""
    folder = path.with_suffix(".parts")
    network.save(folder, zipped=False)
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(folder.iterdir()):
            archive.write(part, part.name)
    shutil.rmtree(folder)


def summary(network: Any) -> str:
    """Keras's own summary as text."""
    lines: list[str] = []
    network.summary(line_length=80, print_fn=lambda line, **_: lines.append(line))
    return "\n".join(lines)


def parameters(network: Any) -> dict[str, int]:
    """The number of parameters: total, trainable and frozen."""
    trainable = sum(_size(variable) for variable in network.trainable_weights)
    frozen = sum(_size(variable) for variable in network.non_trainable_weights)
    return {"total": trainable + frozen, "trainable": trainable, "frozen": frozen}


def _size(variable: Any) -> int:
    size = 1
    for length in variable.shape:
        size *= int(length)
    return size
