"""What a rule over the course of a training is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.advice import Finding

__all__ = ["Finding", "Record", "Rule"]


@dataclass
class Record:
    """What is remembered of a training.

    `request` is its canonical body, which pointers and fixes address. `gradients` are by epoch
    what `engine.training.gradients` measured: norms by layer name, and by `layer/reach`.
    """

    request: dict[str, Any]
    gradients: dict[int, dict[str, float]] = field(default_factory=dict)

    def line(self, name: str) -> tuple[str, dict[str, Any]]:
        """The pointer and the line of a layer."""
        for place, line in enumerate(self.request["stack"]["layers"]):
            if line["name"] == name:
                return f"/stack/layers/{place}", line
        raise KeyError(name)


class Rule(ABC):
    """One rule; its docstring tells why the finding matters, its file name is its name."""

    name: ClassVar[str] = ""
    severity: ClassVar[str] = "warning"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1].replace("_", "-")

    @classmethod
    def why(cls) -> str:
        """The docstring in one line."""
        return " ".join((cls.__doc__ or "").split())

    @abstractmethod
    def check(self, record: Record) -> Iterator[Finding]:
        """What the rule finds."""

    @classmethod
    @abstractmethod
    def examples(cls) -> tuple[Record, Record]:
        """A record that sets it off, and one that does not."""
