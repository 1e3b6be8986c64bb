"""Binding a request to its data: columns to Inputs, targets to outputs, loss to target."""

from .features import Features, bind_features
from .settings import Training, bind_training
from .start import bind_start
from .target import Target, bind_targets
from .trial import try_out
from .weights import bind_weights
from .window import bind_window
from .wish import Wish, target_columns

__all__ = [
    "Features",
    "Target",
    "Training",
    "Wish",
    "bind_features",
    "bind_start",
    "bind_targets",
    "bind_training",
    "bind_weights",
    "bind_window",
    "target_columns",
    "try_out",
]
