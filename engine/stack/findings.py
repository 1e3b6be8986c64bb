"""The list of everything wrong with a document: gathered, not raised one by one."""

from typing import Any

from engine.catalog import suggestions
from engine.faults import Fault, Item

MOST = 200
"""More items than this are not kept: a client cannot read them, and answers stay small."""


class Findings:
    """Collects items; `refuse` raises them all as one fault.

    `nesting` is how deep objects of the document may be nested, `layers` how many it may have.
    """

    def __init__(self, nesting: int = 8, layers: int = 2000) -> None:
        self.nesting = nesting
        self.layers = layers
        self.items: list[Item] = []
        self._seen: set[tuple[str, str, str]] = set()

    def add(
        self,
        pointer: str,
        code: str,
        detail: str,
        did_you_mean: list[str] | None = None,
        fix: list[dict[str, Any]] | None = None,
    ) -> None:
        """Note one thing wrong; the same thing twice counts once."""
        key = (pointer, code, detail)
        if key in self._seen or len(self.items) >= MOST:
            return
        self._seen.add(key)
        self.items.append(Item(pointer, code, detail, did_you_mean or [], fix))

    def suggest(self, name: str, candidates: list[str]) -> list[str]:
        """Candidates that resemble a misspelt name; none once nothing more is kept."""
        return suggestions(name, candidates) if len(self.items) < MOST else []

    def refuse(self, code: str) -> None:
        """Raise Fault when there is anything; `too-large` items make it stack-too-large."""
        if not self.items:
            return
        if code == "invalid-stack" and any(item.code == "too-large" for item in self.items):
            code = "stack-too-large"
        more = f" (and {len(self.items) - 1} more)" if len(self.items) > 1 else ""
        raise Fault(code, self.items[0].detail + more, self.items)
