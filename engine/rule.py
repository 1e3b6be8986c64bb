"""What all rules share, be they of requests, data, parts or the course of a training."""

from typing import ClassVar


class NamedRule:
    """A rule that bears the name of its file, and whose docstring tells why its findings matter."""

    name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = cls.__module__.rsplit(".", 1)[-1].replace("_", "-")

    @classmethod
    def why(cls) -> str:
        """The docstring in one line; it goes over the wire."""
        return " ".join((cls.__doc__ or "").split())
