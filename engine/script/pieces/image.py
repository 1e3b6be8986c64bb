"""Images as arrays of one size."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings.image import Image, fitted, resized

NEEDS = (resized, fitted)


def image(
    values: Values,
    sizes: list[int],
    scale: str,
    resize: str,
    interpolation: str,
    mean: list[float],
    std: list[float],
) -> Values:
    """float32[rows, height, width, channels]."""
    out: Values = np.empty((len(values), *sizes), np.float32)
    for row, pixels in enumerate(values):
        out[row] = fitted(pixels, sizes, resize, interpolation)
    if scale == "unit":
        out /= np.float32(255)
    elif scale == "signed":
        out = out / np.float32(127.5) - np.float32(1)
    elif scale == "standard":
        out = (out - np.array(mean, np.float32)) / np.array(std, np.float32)
    return out


def arguments(encoding: Image) -> dict[str, Any]:
    """Sizes and scale, as settled and learned."""
    state = encoding.state()
    return {
        "sizes": state["sizes"],
        "scale": encoding.scale,
        "resize": encoding.resize,
        "interpolation": encoding.interpolation,
        "mean": state["mean"],
        "std": state["std"],
    }
