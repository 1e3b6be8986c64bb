"""Kinds of evaluation, by what the target holds. One per file, found by folder."""

from engine.evaluation.kinds._base import Kind, Task
from lamina.discovery import discover

KINDS = discover("engine.evaluation.kinds", Kind)  # type: ignore[type-abstract]

__all__ = ["KINDS", "Kind", "Task", "kind_of"]


def kind_of(task: Task) -> Kind:
    """The first kind, in the order of the file names, that fits; `numbers` fits all."""
    return next(kind for kind in KINDS.values() if kind.fits(task))(task)
