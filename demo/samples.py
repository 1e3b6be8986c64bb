"""`python -m demo.samples`: writes the data of the service's samples from the packages."""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from api.samples._base import DATA
from api.samples.digits import ACROSS, SIDE
from demo.data import write_penguins


def write(folder: Path) -> None:
    """All files, into this folder."""
    write_penguins(folder / "penguins.csv")
    _write_sunspots(folder / "sunspots.csv")
    _write_digits(folder / "digits.png", folder / "digits.txt")


def _write_sunspots(path: Path) -> None:
    from statsmodels.datasets import sunspots

    found = sunspots.load_pandas().data
    found.columns = ["year", "sunspots"]
    found.astype({"year": int}).to_csv(path, index=False)


def _write_digits(sheet: Path, labels: Path) -> None:
    digits = load_digits()
    lines = -(-len(digits.images) // ACROSS)
    pixels = np.zeros((lines * SIDE, ACROSS * SIDE))
    for number, image in enumerate(digits.images):
        top, left = number // ACROSS * SIDE, number % ACROSS * SIDE
        pixels[top : top + SIDE, left : left + SIDE] = image
    grey = (pixels * (255 / 16)).round().astype(np.uint8)
    Image.fromarray(grey).save(sheet, optimize=True)
    labels.write_text("".join(map(str, digits.target)) + "\n")


if __name__ == "__main__":
    write(DATA)
