"""Reading the curve of a learning-rate range test: where the loss falls fastest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset.content import Array

_WIDTH = 3.0
"""Standard deviation, in steps, of the weights that smooth the curve."""

_CERTAIN = 2.0
"""A fall below so many standard deviations of the losses of batches comes by chance: of 100 losses
without any fall 97 in 100 curves show less."""

_EXACT = 1e-5
"""Losses are float32: smaller differences are those of rounding."""


@dataclass(frozen=True)
class Descent:
    """A smoothed curve, and the rate at which it falls fastest; None where it does not fall."""

    smoothed: Array
    rate: float | None


def steepest(rates: Sequence[float], losses: Sequence[float]) -> Descent:
    """The rate of the steepest fall of the loss over the logarithm of the rate.

    Of rates that grow by a factor, and finite losses. It is the point that L. Smith ("Cyclical
    Learning Rates for Training Neural Networks", 2017, section 3.3) reads off by eye, taken as S.
    Gugger does ("How Do You Find A Good Learning Rate", 2018): steepest rather than lowest, since
    at the lowest point the loss has begun to rise. Smoothed with the weights of a normal
    distribution on both sides of a step, so that the curve is not shifted towards larger rates.
    A fall that the scatter of the losses could make is none.
    """
    values = np.asarray(losses, np.float64)
    smoothed = _smooth(values)
    if len(values) < 3:
        return Descent(smoothed, None)
    lowest = int(smoothed.argmin())
    scatter = float(np.std((values - smoothed)[: lowest + 1])) if lowest else 0.0
    fall = float(smoothed[: lowest + 1].max() - smoothed[lowest])
    if fall <= max(_CERTAIN * scatter, _EXACT * float(np.abs(smoothed).max())):
        return Descent(smoothed, None)
    slope = np.gradient(smoothed)[: lowest + 1]
    return Descent(smoothed, float(rates[int(slope.argmin())]))


def _smooth(values: Array) -> Array:
    """The mean around each value; at the ends of those that there are."""
    places = np.arange(len(values))
    weights = np.exp(-0.5 * ((places[:, None] - places[None, :]) / _WIDTH) ** 2)
    found: Array = weights @ values / weights.sum(axis=1)
    return found
