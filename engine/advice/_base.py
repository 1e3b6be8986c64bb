"""What a rule is, and what it finds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from engine.finding import Finding
from engine.rule import NamedRule

from ._context import Context

__all__ = ["Finding", "Payload", "Rule", "Severity", "Source"]

Severity = Literal["error", "warning", "hint"]
Source = Literal["stack", "data", "training"]
Payload = dict[str, Any]


class Rule(NamedRule, ABC):
    """One rule; a subclass per file, its file name the name.

    A subclass's docstring tells why the finding matters: it goes over the wire as `why`.
    `sets_off` and `stays_quiet` are complete payloads of a check, the rule's own test cases.
    An `error` is a request that trains but cannot learn what it is meant to, a `warning` one
    that most likely learns worse than it could, a `hint` a matter of habit or of taste.
    """

    severity: ClassVar[Severity]
    source: ClassVar[Source] = "stack"
    sets_off: ClassVar[tuple[Payload, ...]] = ()
    stays_quiet: ClassVar[tuple[Payload, ...]] = ()

    @abstractmethod
    def check(self, context: Context) -> Iterator[Finding]:
        """All that the rule finds in a sound request."""
