"""One image file: measured without decoding, decoded to 8-bit grey, RGB or RGBA, upright."""

import io
import struct
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_ORIENTATION = 0x0112
_TURNED = frozenset({5, 6, 7, 8})
_CHANNELS = {"L": 1, "RGB": 3, "RGBA": 4}
_DAMAGE = (OSError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, struct.error)
"""What Pillow raises for a broken image."""


class TooManyPixels(ValueError):
    """The image is larger than the limit."""


def measured(data: bytes, most_pixels: int) -> tuple[int, int, int]:
    """Height, width and channels that `decoded` will give, from the header alone.

    Raises ValueError with a sentence when it is no image of a known format or too large.
    """
    try:
        with _opened(data) as picture:
            width, height = picture.size
            if width * height > most_pixels:
                detail = f"{width} x {height} pixels; the limit is {most_pixels:,} pixels."
                raise TooManyPixels(detail)
            if picture.getexif().get(_ORIENTATION) in _TURNED:
                width, height = height, width
            return height, width, _CHANNELS[mode_of(picture)]
    except _DAMAGE as error:
        raise ValueError(f"the image is damaged: {error}.") from None


def decoded(data: bytes, most_pixels: int | None = None) -> npt.NDArray[np.uint8]:
    """The pixels as `uint8[height, width, channels]`. Raises ValueError as `measured`.

    The first frame of an animation; 16-bit grey is scaled to 8 bit; palettes become RGB.
    """
    if most_pixels is not None:
        measured(data, most_pixels)
    try:
        with _opened(data) as picture:
            return pixels_of(picture)
    except _DAMAGE as error:
        raise ValueError(f"the image is damaged: {error}.") from None


def pixels_of(picture: "Image") -> npt.NDArray[np.uint8]:
    """The pixels of an open image, upright, as `uint8[height, width, channels]`."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    mode = mode_of(upright)
    if upright.mode.startswith("I"):
        return eight_bit(np.asarray(upright))[:, :, None]
    pixels = np.asarray(upright if upright.mode == mode else upright.convert(mode))
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def eight_bit(values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """16-bit grey as 8-bit."""
    wide = np.clip(values.astype(np.int64), 0, 65535)
    return ((wide + 128) // 257).astype(np.uint8)


def mode_of(picture: "Image") -> str:
    """Grey, RGB or RGBA, as Pillow calls them: what an image is brought to."""
    if picture.mode in ("L", "1") or picture.mode.startswith("I"):
        return "L"
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        return "RGBA"
    return "RGB"


def _opened(data: bytes) -> "Image":
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            # Pillow's own limits only warn; ours is checked by the caller before any decoding.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError:
        raise TooManyPixels("the image has far too many pixels.") from None
    except UnidentifiedImageError:
        raise ValueError(f"no image of a known format ({', '.join(FORMATS)}).") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(f"the image is damaged: {error}.") from None
