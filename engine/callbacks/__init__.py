"""Callbacks of our own, under the names of those of Keras that take code or paths.

They stand in the catalogue in the place of Keras's, and take data instead.
"""

from .learning_rate_scheduler import LearningRateScheduler
from .model_checkpoint import ModelCheckpoint

OWN = (LearningRateScheduler, ModelCheckpoint)
"""All of them."""

__all__ = ["OWN", "LearningRateScheduler", "ModelCheckpoint"]
