"""What a form of side file is."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from engine.dataset.limits import Limits

Description = dict[str, Any]


class Form(ABC):
    """One kind of side file; a subclass per file, its file name the wire name."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    @classmethod
    @abstractmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Whether the file is of this form, by its content; `head` is its first 4 KiB."""

    @classmethod
    @abstractmethod
    def read(cls, path: Path, limits: Limits, out: Path) -> Description:
        """Write our own form of it into the folder `out`; say what it holds.

        Raises Fault("invalid-dataset") for whatever is wrong with it.
        """

    @classmethod
    @abstractmethod
    def example(cls) -> bytes:
        """A small file of this form."""
