"""What a rule over the parts of a training is, and what it finds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from engine.rule import NamedRule

from ._parts import Example, Parts

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found; the pointer addresses the canonical request.

    `severity` is given where it is not the rule's own.
    """

    pointer: str
    detail: str
    evidence: dict[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


class Rule(NamedRule, ABC):
    """One rule; its docstring tells why the finding matters, its file name is its name.

    `sets_off` and `stays_quiet` are small divisions, the rule's own test cases.
    """

    severity: ClassVar[Severity] = "warning"
    sets_off: ClassVar[tuple[Example, ...]] = ()
    stays_quiet: ClassVar[tuple[Example, ...]] = ()

    @abstractmethod
    def check(self, parts: Parts) -> Iterator[Finding]:
        """What the rule finds."""
