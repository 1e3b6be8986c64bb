"""The catalogue: what the running Keras offers, found by introspection, never by a written list."""

from .entry import Argument, Entry
from .index import KINDS, entries, find, suggestions

__all__ = ["KINDS", "Argument", "Entry", "entries", "find", "suggestions"]
