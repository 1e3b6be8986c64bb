"""Statistics of columns of images."""

from typing import Any

import numpy as np

from engine.dataset.content import Pictures

from .histogram import histogram, rows_of

_SAMPLE = 500
_TOP = 10


def images(pictures: Pictures) -> dict[str, Any]:
    """Sizes, channels, brightness; mean and deviation of each channel, of values from 0 to 1.

    Pixels are looked at in up to 500 images; channels are those of the images that have most
    often as many.
    """
    shapes = pictures.shapes
    sizes, size_counts = np.unique(shapes[:, :2], axis=0, return_counts=True)
    channels, counts = np.unique(shapes[:, 2], return_counts=True)
    usual = int(channels[counts.argmax()])
    rows = rows_of(len(shapes), _SAMPLE)
    looked = np.arange(len(shapes)) if rows is None else rows
    measured = [_pixels(pixels) for pixels in pictures.take(looked)]
    brightness = np.array([mean.mean() for mean, _ in measured])
    alike = [one for one in measured if len(one[0]) == usual]
    means, squares = (np.mean(part, axis=0) for part in zip(*alike, strict=True))
    return {
        "heights": histogram(shapes[:, 0].astype(float)),
        "widths": histogram(shapes[:, 1].astype(float)),
        "sizes": [
            {"height": int(sizes[place][0]), "width": int(sizes[place][1]), "count": int(count)}
            for place in np.argsort(-size_counts, kind="stable")[:_TOP]
            for count in [size_counts[place]]
        ],
        "channels": {str(one): int(count) for one, count in zip(channels, counts, strict=True)},
        "brightness": {
            "mean": round(float(brightness.mean()), 6),
            "histogram": histogram(brightness),
        },
        "channel_mean": [round(float(mean), 6) for mean in means],
        "channel_std": [
            round(float(max(0.0, square - mean * mean) ** 0.5), 6)
            for mean, square in zip(means, squares, strict=True)
        ],
        "blank": int(sum(bool((square - mean * mean < 1e-9).all()) for mean, square in measured)),
        "sampled_rows": len(looked),
    }


def _pixels(pixels: Any) -> tuple[Any, Any]:
    """The mean of each channel, and that of its squares."""
    values = pixels.reshape(-1, pixels.shape[-1]) / 255.0
    return values.mean(axis=0), np.square(values).mean(axis=0)
