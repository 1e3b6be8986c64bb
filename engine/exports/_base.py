"""What a written form is: made from a subject, and run again by its own runtime."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from engine.dataset.content import Array
from engine.exports._sample import Sample
from engine.exports._subject import Subject


class Export(ABC):
    """One written form; a subclass per file, its file name the wire name.

    The docstring of a subclass says what the file takes and gives.
    """

    name: ClassVar[str] = ""
    suffix: ClassVar[str] = ""
    """How a file of the form ends."""

    media: ClassVar[str] = "application/octet-stream"

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1]

    @staticmethod
    @abstractmethod
    def runtime() -> str:
        """The name and version of what runs the file."""

    @staticmethod
    @abstractmethod
    def write(subject: Subject, path: Path) -> dict[str, Any]:
        """Write the file; what there is to say of its inputs.

        Raises Fault("export-failed") with the reason when the form cannot hold the network.
        """

    @staticmethod
    @abstractmethod
    def run(path: Path, subject: Subject, sample: Sample) -> dict[str, Array]:
        """The outputs of the file for the sample, by output name, from its own runtime."""
