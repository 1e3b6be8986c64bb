"""The written forms of a model that other runtimes read: one file each, found by folder."""

from engine.exports._base import Export
from lamina.discovery import discover

EXPORTS = discover("engine.exports", Export)  # type: ignore[type-abstract]
