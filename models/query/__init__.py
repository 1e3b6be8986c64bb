"""The language of lists: `filter` (AIP-160) and `order_by` (AIP-132), as SQL conditions.

A text is read into a tree (`grammar`), whose comparisons are made of the fields of a table
(`fields`); no text of a client becomes SQL.
"""

from .condition import condition
from .error import QueryError
from .grammar import parse
from .order import Order, read_order

__all__ = ["Order", "QueryError", "condition", "parse", "read_order"]
