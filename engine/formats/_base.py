"""What a dataset format is: recognised by content, read within limits."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from engine.dataset.content import Content
from engine.dataset.limits import Limits

Report = Callable[[int, int | None], None]
"""Told how much is done and how much there is (None: not known)."""


class Format(ABC):
    """One kind of dataset file; a subclass per file, its file name the wire name.

    A subclass's docstring is the help text of the catalogue.
    """

    name: ClassVar[str] = ""
    extensions: ClassVar[frozenset[str]] = frozenset()
    """File name endings, in lower case with the dot, that promise this format."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    @classmethod
    @abstractmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """Whether the file is of this format, by its content; `head` is its first 4 KiB."""

    @classmethod
    @abstractmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Read the file; large parts may be laid down in `scratch`.

        Raises Fault("invalid-dataset") for whatever is wrong with the file.
        """

    @classmethod
    @abstractmethod
    def example(cls) -> bytes:
        """A small file of this format, with at least two rows and two columns."""
