"""Real data that comes with Python packages: nothing is downloaded."""

import io
import zipfile
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_digits


def write_digits(path: Path) -> None:
    """scikit-learn's handwritten digits, 1,797 grey images of 8 × 8, as PNGs in class folders."""
    digits = load_digits()
    with zipfile.ZipFile(path, "w") as archive:
        for index, (image, label) in enumerate(zip(digits.images, digits.target, strict=True)):
            archive.writestr(f"{label}/{index:04}.png", png(image))


def png(image: "object") -> bytes:
    """An 8 × 8 array of 0…16 as a PNG."""
    import numpy as np

    pixels = np.asarray(image, dtype=np.float64) * (255 / 16)
    file = io.BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def one_digit() -> tuple[bytes, int]:
    """A single raw image and what it shows."""
    digits = load_digits()
    return png(digits.images[7]), int(digits.target[7])


def write_penguins(path: Path) -> None:
    """344 penguins near Palmer Station: numbers, strings, and missing values in both."""
    from palmerpenguins import load_penguins

    load_penguins().drop(columns="year").to_csv(path, index=False)
