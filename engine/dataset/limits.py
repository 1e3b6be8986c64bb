"""How large a dataset may be, and the refusal of one that is larger."""

from dataclasses import dataclass, fields
from typing import Any

from engine.faults import Fault, Item


@dataclass(frozen=True)
class Limits:
    """Bounds that hold while a file is read.

    `expanded_bytes`: what it takes unpacked; `entries`: members of an archive; `pixels`: of one
    image; `cell_bytes`: of one text value.
    """

    expanded_bytes: int = 20 * 2**30
    rows: int = 50_000_000
    columns: int = 10_000
    entries: int = 100_000
    pixels: int = 25_000_000
    cell_bytes: int = 65_536

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> "Limits":
        """The limits of a payload; what is left out keeps its default."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: int(value) for key, value in (data or {}).items() if key in known})

    def check(self, name: str, amount: int, what: str) -> None:
        """Raise Fault("invalid-dataset") when `amount` exceeds the limit of this name."""
        limit = getattr(self, name)
        if amount > limit:
            raise refusal("too-large", f"{what}: {amount:,}; the limit is {limit:,}.")


def refusal(code: str, detail: str) -> Fault:
    """The fault of a file that cannot be taken, with one item of this code."""
    return Fault("invalid-dataset", detail, [Item("", code, detail)])
