"""What a kind of evaluation is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.dataset.content import Array
from engine.targets import TargetEncoding
from engine.training.parts import Source


@dataclass(frozen=True)
class Task:
    """One output to be judged: its target, the encoded truth, and the loss it was trained by.

    `shape` is the output's without the rows, `loss` a class or function name of Keras.
    """

    target: TargetEncoding
    y: Array
    shape: tuple[int | None, ...]
    loss: str
    from_logits: bool
    source: Source

    @property
    def short_loss(self) -> str:
        """The loss's name in lower case without underscores."""
        return self.loss.replace("_", "").lower()


class Kind(ABC):
    """Takes truth and outputs chunk by chunk, then tells what it found."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    def __init__(self, task: Task) -> None:
        self.task = task

    @classmethod
    @abstractmethod
    def fits(cls, task: Task) -> bool:
        """Whether this kind suits the output."""

    @abstractmethod
    def add(self, start: int, y: Array, outputs: Array) -> None:
        """Take a chunk: its first row's place in the part, the encoded truth, the outputs."""

    @abstractmethod
    def result(self) -> dict[str, Any]:
        """What was found, after the last chunk."""

    def answer(self) -> dict[str, Any]:
        """The result with what is common to all kinds."""
        rows = len(self.task.source.rows)
        head = {"kind": self.name, "target": self.task.target.column, "rows": rows}
        return head | self.result()
