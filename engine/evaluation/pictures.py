"""Images of the worst rows, small enough to be shown side by side."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from engine.dataset.content import Array
from engine.dataset.windows import Windows
from engine.evaluation.forward import forward
from engine.training.parts import Source
from engine.training.tensors import Tensors, Values

_LARGEST = 96
_CHANNELS = (1, 3, 4)
_LEAST = 6
"""Arrays with shorter sides are hardly images."""


def pictures_of(
    network: Any, tensors: Tensors, source: Source, assessed: dict[str, dict[str, Any]]
) -> dict[str, dict[str, str]]:
    """By dataset row the PNGs (base64) of its `input`, and of `true` and `predicted` where the
    target is an image as well. Empty where no input is an image.
    """
    worst = [told["row"] for found in assessed.values() for told in found.get("worst", [])]
    name = next((name for name, values in tensors.x.items() if _is_image(values)), None)
    if name is None or not worst or isinstance(tensors.x[name], Windows):
        return {}
    places = np.flatnonzero(np.isin(source.rows, worst))
    found = {
        str(source.rows[place]): {"input": _png(np.asarray(tensors.x[name][place]))}
        for place in places
    }
    for output, values in tensors.y.items():
        if assessed[output]["kind"] == "numbers" and _is_image(values):
            x: dict[str, Values] = {one: given[places] for one, given in tensors.x.items()}
            part = Tensors(x, {one: given[places] for one, given in tensors.y.items()}, {})
            for start, outputs in forward(network, part, 1):
                for offset, said in enumerate(outputs[output]):
                    place = int(places[start + offset])
                    if said.shape == values[place].shape:
                        pair = {"true": _png(values[place]), "predicted": _png(said)}
                        found[str(source.rows[place])] |= pair
    return found


def _is_image(values: Any) -> bool:
    """Whether rows are `[height, width, channels]`, or square arrays without channels."""
    shape = values.shape[1:]
    if values.dtype.kind not in "iuf" or len(shape) not in (2, 3) or min(shape[:2]) < _LEAST:
        return False
    return shape[0] == shape[1] if len(shape) == 2 else shape[2] in _CHANNELS


def _png(values: Array) -> str:
    """Floats 0..1 and whole numbers 0..255 as they are, anything else from its least to its
    most.
    """
    plain = np.nan_to_num(np.asarray(values, np.float64))
    low, high = float(plain.min()), float(plain.max())
    if low < 0 or high > 255:
        plain = (plain - low) / (high - low)
    elif high > 1:
        plain = plain / 255 if high > 16 else plain / high
    pixels = (plain.clip(0, 1) * 255).round().astype(np.uint8)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)
    image.thumbnail((_LARGEST, _LARGEST))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
