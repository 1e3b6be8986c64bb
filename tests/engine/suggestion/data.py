"""Real data of every kind as train payloads, with what `read` counted."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from palmerpenguins import load_penguins
from PIL import Image
from sklearn.datasets import load_diabetes, load_digits
from statsmodels.datasets.sunspots import load_pandas as load_sunspots

from engine.tasks import read
from tests.engine._port import Recorder

GOOD = ("lovely", "great", "warm", "superb", "moving", "clever")
BAD = ("awful", "poor", "dull", "bad", "tired", "empty")
PLAIN = ("film", "story", "actor", "music", "scene", "ending", "camera", "dialogue")


def stored(folder: Path, content: bytes, filename: str) -> dict[str, Any]:
    """Bytes read as a dataset: `data`, `schema` and `classes` of payloads."""
    (folder / "upload").write_bytes(content)
    out = folder / "data"
    asked = {"path": str(folder / "upload"), "filename": filename, "out": str(out)}
    found = read.run(asked, Recorder())
    return {"data": str(out), "schema": found["schema"], "classes": found["classes"]}


def digits(folder: Path) -> dict[str, Any]:
    """The 8 x 8 digits as PNG files in class folders."""
    bunch = load_digits()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (pixels, label) in enumerate(zip(bunch.images, bunch.target, strict=True)):
            file = io.BytesIO()
            Image.fromarray((pixels * 15.9).astype(np.uint8)).save(file, format="PNG")
            archive.writestr(f"{label}/{number}.png", file.getvalue())
    return stored(folder, buffer.getvalue(), "digits.zip")


def penguins(folder: Path) -> dict[str, Any]:
    """Penguins with gaps, two categories and the year."""
    return stored(folder, load_penguins().to_csv(index=False).encode(), "penguins.csv")


def diabetes(folder: Path) -> dict[str, Any]:
    """Diabetes: a number to be learned from ten."""
    frame = load_diabetes(as_frame=True).frame
    return stored(folder, frame.to_csv(index=False).encode(), "diabetes.csv")


def reviews(folder: Path) -> dict[str, Any]:
    """Made-up reviews: a telling word or two among many that tell nothing, some of them wrong."""
    rng = np.random.default_rng(0)
    lines = ["review,stars,mood"]
    for number in range(400):
        good = number % 2 == 0
        words = [*rng.choice(PLAIN, 8), *rng.choice(GOOD if good else BAD, 2)]
        rng.shuffle(words)
        told = good if rng.random() < 0.95 else not good
        lines.append(f"{' '.join(words)} {number},{rng.integers(1, 6)},{'pos' if told else 'neg'}")
    return stored(folder, ("\n".join(lines) + "\n").encode(), "reviews.csv")


def sunspots(folder: Path, years: int = 309) -> dict[str, Any]:
    """The number of sunspots of each year from 1700 on."""
    frame = load_sunspots().data[:years]
    return stored(folder, frame.to_csv(index=False).encode(), "sunspots.csv")
