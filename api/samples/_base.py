"""What every sample has."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

DATA = Path(__file__).parent / "data"


class Sample(ABC):
    """A small dataset that the service itself can make, the same bytes each time."""

    title: ClassVar[str]
    summary: ClassVar[str]
    filename: ClassVar[str]
    rows: ClassVar[int]
    target: ClassVar[str]
    """The column that is worth predicting."""
    source: ClassVar[str]
    """Where the data comes from."""
    licence: ClassVar[str]

    @classmethod
    @abstractmethod
    def content(cls) -> bytes:
        """The file, as a client would upload it."""
