"""A complete job body for a dataset, by the cheat sheet, with the reason of every choice."""

from .body import suggest

__all__ = ["suggest"]
