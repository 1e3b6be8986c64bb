"""Images as arrays of one size."""

from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values

_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class Image(Encoding):
    """Images resized (bilinear) to height x width, with 1, 3 or 4 channels, as floats 0..1.

    Left out, height, width and channels are those of the data where all images agree. With
    `scale` false the floats are 0..255, for networks that begin with Rescaling.
    """

    kinds = frozenset({"image"})

    def __init__(
        self,
        height: int | None = None,
        width: int | None = None,
        channels: int | None = None,
        scale: bool = True,
    ) -> None:
        for name, size in (("height", height), ("width", width)):
            if size is not None and not (isinstance(size, int) and 1 <= size <= 8192):
                raise ValueError(f"{name} must be a whole number from 1 to 8192, not {size!r}")
        if channels is not None and channels not in _MODES:
            raise ValueError(f"channels must be 1, 3 or 4, not {channels!r}")
        if not isinstance(scale, bool):
            raise TypeError("scale must be true or false")
        self.height, self.width, self.channels, self.scale = height, width, channels, scale

    def arguments(self) -> dict[str, Any]:
        """Size, channels and whether values are divided by 255."""
        return {
            "height": self.height,
            "width": self.width,
            "channels": self.channels,
            "scale": self.scale,
        }

    def complaint(self, column: Column) -> str | None:
        """Refuses images of several sizes when no size is given."""
        if column.kind == "image" and None in self._sizes(column):
            return (
                f"The images of {column.name!r} differ in size; give height, width and channels,"
                " or an Input with a full shape."
            )
        return super().complaint(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """`(height, width, channels)`."""
        return tuple(int(size or 0) for size in self._sizes(column)), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Take sizes that were left out from the column."""
        del values
        self.height, self.width, self.channels = self._sizes(column)

    def transform(self, values: Values) -> Values:
        """`float32[rows, height, width, channels]` of `uint8[h, w, c]` images."""
        if not (self.height and self.width and self.channels):
            raise TypeError("an image encoding without a size must be fitted first")
        out = np.empty((len(values), self.height, self.width, self.channels), np.float32)
        for row, pixels in enumerate(values):
            out[row] = self._fitted(pixels)
        if self.scale:
            out /= np.float32(255)
        return out

    def state(self) -> dict[str, Any]:
        """The sizes that were settled."""
        return {"height": self.height, "width": self.width, "channels": self.channels}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the sizes."""
        self.height, self.width = state["height"], state["width"]
        self.channels = state["channels"]

    def _sizes(self, column: Column) -> tuple[int | None, int | None, int | None]:
        shape = column.shape or [None, None, None]
        channels = shape[2] if shape[2] in _MODES else None
        return (
            self.height or shape[0],
            self.width or shape[1],
            self.channels or channels or (3 if column.shape else None),
        )

    def _fitted(self, pixels: Values) -> Values:
        height, width, channels = pixels.shape
        if (height, width, channels) == (self.height, self.width, self.channels):
            return pixels
        from PIL import Image as Pillow

        picture = Pillow.fromarray(pixels[:, :, 0] if channels == 1 else pixels)
        picture = picture.convert(_MODES[self.channels or 3])
        if (height, width) != (self.height, self.width):
            size = (self.width or width, self.height or height)
            picture = picture.resize(size, Pillow.Resampling.BILINEAR)
        return np.asarray(picture).reshape(self.height or 0, self.width or 0, self.channels or 0)
