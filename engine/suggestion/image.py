"""Images: convolutions over neighbouring pixels, and pooling until little is left."""

from math import log2

from .draft import Draft
from .subject import Subject

_LARGEST = 128
_USUAL = 64
_MANY_ROWS = 5_000


def build(draft: Draft, subject: Subject) -> None:
    """Layers for the first image column."""
    column = subject.of_kind("image")[0]
    height, width, channels = column.shape or [None, None, None]
    if height and width and channels and max(height, width) <= _LARGEST:
        size = [height, width, channels]
    else:
        size = _resized(height, width, channels)
        because = "The images are large or differ in size; all are resized to this."
        draft.layer("Input", because, shape=size)
    draft.put("data", "features", [column.name], "The network looks at the image alone.")
    convolutions(draft, subject, size[0], size[1])


def _resized(height: int | None, width: int | None, channels: int | None) -> list[int]:
    if not height or not width:
        return [_USUAL, _USUAL, channels or 3]
    factor = _LARGEST / max(height, width)
    return [max(1, round(height * factor)), max(1, round(width * factor)), channels or 3]


def convolutions(draft: Draft, subject: Subject, height: int, width: int) -> None:
    """Stages of Conv2D and pooling for images of this size, then Dense and dropout."""
    stages = min(4, max(1, int(log2(max(1, min(height, width)))) - 2))
    because = "2D layers are for space: a convolution replaces each pixel's surroundings by what it"
    because += " finds there; each pooling halves the picture, so the next stage has more filters."
    for stage in range(stages):
        filters = 32 * 2 ** min(stage, 2)
        for _ in range(2 if subject.rows >= _MANY_ROWS else 1):
            draft.layer(
                "Conv2D",
                None if stage else because,
                filters=filters,
                kernel_size=3,
                padding="same",
                activation="relu",
            )
            because = ""
        if min(height, width) >= 2:
            draft.layer("MaxPooling2D")
        height, width = max(1, height // 2), max(1, width // 2)
    if height * width <= 64:
        draft.layer("Flatten", f"Only {height} x {width} places are left: all of them are kept.")
    else:
        draft.layer(
            "GlobalAveragePooling2D", "The average over places keeps the Dense layer small."
        )
    draft.layer("Dropout", "Dropout regularises, here before the largest layer.", rate=0.3)
    draft.layer("Dense", "Combines what was found; ReLU as usual.", units=64, activation="relu")
