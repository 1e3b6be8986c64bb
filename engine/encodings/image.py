"""Images as arrays of one size."""

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values

_CHANNELS = (1, 3, 4)
_WORDS = {True: "unit", False: "none"}

Side = Annotated[int, Field(ge=1, le=8192)]
Scale = Annotated[
    Literal["unit", "signed", "none", "standard"],
    BeforeValidator(lambda given: _WORDS[given] if isinstance(given, bool) else given),
    Field(
        description="unit (or true): 0 … 1; signed: -1 … 1; none (or false): 0 … 255, for networks "
        "that begin with Rescaling; standard: each channel minus its mean, divided by its "
        "standard deviation, of the training part"
    ),
]


class Image(Encoding):
    """Images brought to height x width with 1, 3 or 4 channels, as floats.

    Left out, height, width and channels are those that the Input states, else those of the data
    where all images agree. One channel is the luminance (ITU-R 601), four are RGB and opacity;
    conversions are Pillow's.
    """

    kinds = frozenset({"image"})

    height: Side | None = Field(default=None, description="pixels from top to bottom")
    width: Side | None = Field(default=None, description="pixels from left to right")
    channels: Literal[1, 3, 4] | None = Field(
        default=None, description="1 for grey, 3 for RGB, 4 for RGBA"
    )
    scale: Scale = "unit"
    resize: Literal["stretch", "pad", "crop"] = Field(
        default="stretch",
        description="stretch: both sides to what is wanted; pad: the whole picture in its "
        "proportions, zeros around it; crop: its middle in its proportions",
    )
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos"] = Field(
        default="bilinear", description="how pixels between pixels are found"
    )
    _sizes: list[int] = []
    _mean: list[float] = []
    _std: list[float] = []

    def adopt(self, shape: Shape) -> None:
        """Sizes that were left out from the Input's `[height, width, channels]`."""
        if len(shape) == 3:
            self.height, self.width = self.height or shape[0], self.width or shape[1]
            if self.channels is None and shape[2] in _CHANNELS:
                self.channels = shape[2]  # type: ignore[assignment]

    def complaint(self, column: Column) -> str | None:
        """Refuses images of several sizes when no size is given."""
        if column.kind == "image" and None in self._settled(column):
            return (
                f"The images of {column.name!r} differ in size; give height, width and channels,"
                " or an Input with a full shape."
            )
        return super().complaint(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """`(height, width, channels)`."""
        return self._settled(column), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Settle the sizes; learn mean and deviation of the channels for `standard`."""
        self._sizes = [int(size or 0) for size in self._settled(column)]
        if self.scale == "standard":
            self._mean, self._std = _moments([self._fitted(pixels) for pixels in values])

    def transform(self, values: Values) -> Values:
        """`float32[rows, height, width, channels]` of `uint8[h, w, c]` images."""
        if not self._sizes:
            raise TypeError("an image encoding must be fitted first")
        out: Values = np.empty((len(values), *self._sizes), np.float32)
        for row, pixels in enumerate(values):
            out[row] = self._fitted(pixels)
        if self.scale == "unit":
            out /= np.float32(255)
        elif self.scale == "signed":
            out = out / np.float32(127.5) - np.float32(1)
        elif self.scale == "standard":
            out = (out - np.array(self._mean, np.float32)) / np.array(self._std, np.float32)
        return out

    def _settled(self, column: Column) -> tuple[int | None, int | None, int | None]:
        shape = column.shape or [None, None, None]
        channels = shape[2] if shape[2] in _CHANNELS else None
        return (
            self.height or shape[0],
            self.width or shape[1],
            self.channels or channels or (3 if column.shape else None),
        )

    def _fitted(self, pixels: Values) -> Values:
        return fitted(pixels, self._sizes, self.resize, self.interpolation)


def fitted(pixels: Values, sizes: list[int], resize: str, interpolation: str) -> Values:
    """One image as `uint8` of these sizes: height, width, channels."""
    if list(pixels.shape) == sizes:
        return pixels
    from PIL import Image as Pillow

    height, width, channels = sizes
    picture = Pillow.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    picture = picture.convert({1: "L", 3: "RGB", 4: "RGBA"}[channels])
    if picture.size != (width, height):
        picture = resized(picture, width, height, resize, interpolation)
    return np.asarray(picture).reshape(height, width, channels)


def resized(picture: Any, width: int, height: int, resize: str, interpolation: str) -> Any:
    """An image of Pillow, stretched, padded or cropped to this size."""
    from PIL import Image as Pillow
    from PIL import ImageOps

    way = Pillow.Resampling[interpolation.upper()]
    if resize == "crop":
        return ImageOps.fit(picture, (width, height), way)
    if resize == "stretch":
        return picture.resize((width, height), way)
    factor = min(width / picture.width, height / picture.height)
    size = [max(1, round(side * factor)) for side in picture.size]
    framed = Pillow.new(picture.mode, (width, height))
    inner = picture.resize((min(width, size[0]), min(height, size[1])), way)
    framed.paste(inner, ((width - inner.width) // 2, (height - inner.height) // 2))
    return framed


def _moments(pictures: list[Values]) -> tuple[list[float], list[float]]:
    """Mean and deviation of each channel. Sums of bytes are exact."""
    channels = pictures[0].shape[-1] if pictures else 1
    count, total, squares = 0, np.zeros(channels, np.int64), np.zeros(channels, np.int64)
    for pixels in pictures:
        flat = pixels.reshape(-1, channels).astype(np.int64)
        count, total = count + len(flat), total + flat.sum(axis=0)
        squares = squares + np.square(flat).sum(axis=0)
    mean = total / max(1, count)
    std = np.sqrt(np.maximum(squares / max(1, count) - np.square(mean), 0))
    return mean.tolist(), np.where(std > 0, std, 1).tolist()
