"""The quality of a dataset: what in it would mislead a training. One rule per file, by folder.

A rule's file name is its name; on the wire with hyphens. The findings are the advice of a dataset;
those on columns that a job uses go into its plan.
"""

from ._base import Finding, Rule
from ._data import Data
from ._look import RULES, look
from ._policy import demand_sound

__all__ = ["RULES", "Data", "Finding", "Rule", "demand_sound", "look"]
