"""What a rule over a dataset is, and what it finds."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from engine.rule import NamedRule

from ._data import Data
from ._examples import Example

Severity = Literal["error", "warning", "hint"]


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found, in some columns or (without any) in the rows as a whole.

    `evidence` holds the numbers behind it; `severity` is given where it is not the rule's own.
    """

    columns: tuple[str, ...]
    detail: str
    evidence: dict[str, Any] = field(default_factory=dict)
    severity: Severity | None = None


class Rule(NamedRule, ABC):
    """One rule; a subclass per file, its file name the name.

    A subclass's docstring tells why the finding matters: it goes over the wire as `why`, and
    `handling` tells what the service does about it by itself. `sets_off` and `stays_quiet` are
    small datasets, the rule's own test cases. An `error` is data that cannot teach what it is
    meant to, a `warning` data of which a model most likely learns something wrong, a `hint` what
    is worth a look. `drop` says that leaving the columns out is the remedy.
    """

    severity: ClassVar[Severity]
    handling: ClassVar[str]
    drop: ClassVar[bool] = False
    sets_off: ClassVar[tuple[Example, ...]] = ()
    stays_quiet: ClassVar[tuple[Example, ...]] = ()

    @abstractmethod
    def check(self, data: Data) -> Iterator[Finding]:
        """All that the rule finds in a dataset."""
