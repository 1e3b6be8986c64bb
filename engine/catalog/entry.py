"""An entry of the catalogue: one class (or function) of Keras, its names and its arguments."""

from dataclasses import dataclass
from typing import Any

REQUIRED: Any = type("Required", (), {"__repr__": lambda _: "REQUIRED"})()
"""The default of an argument that has none."""


@dataclass(frozen=True)
class Argument:
    """One constructor argument. `default` is REQUIRED when it must be given."""

    name: str
    default: Any
    doc: str | None = None

    @property
    def required(self) -> bool:
        """Whether the class cannot be made without it."""
        return self.default is REQUIRED


@dataclass(frozen=True)
class Entry:
    """A class of Keras, or for activations a function, as the catalogue knows it.

    `forbidden` is the reason why it is refused in requests, None when it may be used.
    """

    kind: str
    name: str
    aliases: tuple[str, ...]
    target: Any
    arguments: dict[str, Argument]
    doc: str
    forbidden: str | None = None

    @property
    def required(self) -> list[str]:
        """Names of the arguments that must be given."""
        return [argument.name for argument in self.arguments.values() if argument.required]
