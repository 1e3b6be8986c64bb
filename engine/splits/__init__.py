"""Ways to divide rows into training, validation and test parts: one file each, found by folder.

Each file has `split(labels, n, validation, test, seed) -> Parts`, and `LABELS`: what its labels are
(`none`, `classes` of the target, numbers or words of a `column`).
"""

from engine.splits._parts import Parts
from lamina.discovery import modules

SPLITS = modules("engine.splits")

__all__ = ["SPLITS", "Parts"]
