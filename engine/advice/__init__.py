"""Advice: what a request would better do otherwise, though it can be carried out as it is.

One rule per file, found by folder. A rule's file name is its name; on the wire with hyphens.
"""

from ._advise import RULES, advise, findings
from ._base import Finding, Rule
from ._context import Context
from ._dataset import of_dataset
from ._sent import Sent

__all__ = ["RULES", "Context", "Finding", "Rule", "Sent", "advise", "findings", "of_dataset"]
