"""How large a dataset may be, and the refusal of one that is larger."""

from dataclasses import dataclass, fields
from typing import Any

from engine.faults import Fault, Item
from lamina.fullness import is_full


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

    def check_names(self, names: list[str]) -> None:
        """Raise Fault("invalid-dataset") for names of columns that cannot be kept."""
        for name in names:
            self.check("cell_bytes", len(name.encode("utf-8", "replace")), "Bytes of a name")
            if "\0" in name or any("\ud800" <= letter <= "\udfff" for letter in name):
                detail = f"Column {name!r} has NUL characters or broken surrogates in its name."
                raise refusal("unreadable", detail)


def refusal(code: str, detail: str) -> Fault:
    """The fault of a file that cannot be taken, with one item of this code."""
    return Fault("invalid-dataset", detail, [Item("", code, detail)])


def damaged(what: str, error: BaseException) -> BaseException:
    """What to raise for an error that a library met in a file; a full disk is no fault of a file.

    `what` is a sentence without its end.
    """
    if is_full(error):
        return error
    first = (str(error).strip() or type(error).__name__).splitlines()[0][:300]
    return refusal("unreadable", f"{what}: {first.removesuffix('.')}.")
