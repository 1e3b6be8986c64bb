"""The parts of a training beside each other: what only the division into rows shows.

One rule per file, found by folder; they look before the first epoch, at the rows as they were
divided. A rule's file name is its name; on the wire with hyphens.
"""

from ._base import Finding, Rule
from ._look import RULES, look
from ._parts import Example, Part, Parts

__all__ = ["RULES", "Example", "Finding", "Part", "Parts", "Rule", "look"]
