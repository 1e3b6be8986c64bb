"""Encoded arrays on disk: written once, checked, mapped read-only, shared by processes."""

from engine.arrays.cache import Cache
from engine.arrays.entry import Draft, Entry
from engine.arrays.mapped import Mapped

__all__ = ["Cache", "Draft", "Entry", "Mapped"]
