"""What a task raises when the request, not the engine, is to blame."""

from dataclasses import asdict, dataclass, field
from typing import Any

from lamina.codes import ITEMS, JOB_ERRORS, PROBLEMS


@dataclass(frozen=True)
class Item:
    """One thing found wrong: where (JSON Pointer into the request body), what, and the remedy.

    `fix` is a JSON Patch (RFC 6902) whose paths address the request body as it was sent.
    """

    pointer: str
    code: str
    detail: str
    did_you_mean: list[str] = field(default_factory=list)
    fix: list[dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        if self.code not in ITEMS:
            raise ValueError(f"unknown item code {self.code!r}: add it to lamina/codes.py")

    def to_json(self) -> dict[str, Any]:
        """The item as it goes over the wire, without empty members."""
        return {key: value for key, value in asdict(self).items() if value not in (None, [])}


class Fault(Exception):
    """A refusal with a code: a problem slug (checks, reads) or a job error code (training)."""

    def __init__(self, code: str, detail: str, items: list[Item] | None = None) -> None:
        if code not in PROBLEMS and code not in JOB_ERRORS:
            raise ValueError(f"unknown code {code!r}: add it to lamina/codes.py")
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.items = items or []

    def to_json(self) -> dict[str, Any]:
        """The fault as an event payload: `{code, detail, errors}`."""
        return {
            "code": self.code,
            "detail": self.detail,
            "errors": [item.to_json() for item in self.items],
        }
