"""A read stack: what all that comes after reading works on."""

from dataclasses import dataclass, field
from typing import Any

from .line import Line, Ref


@dataclass
class Stack:
    """A read stack: its lines in order, its outputs by layer name, its name if it has one.

    `layers_pointer` is where the list of layers stands in the document as sent.
    """

    lines: list[Line] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    name: str | None = None
    pointer: str = ""
    layers_pointer: str = ""

    @property
    def inputs(self) -> list[Line]:
        """The Inputs in order."""
        return [line for line in self.lines if line.is_input]

    def line(self, name: str) -> Line:
        """The line of this name. Raises KeyError when there is none."""
        for line in self.lines:
            if line.name == name:
                return line
        raise KeyError(name)

    def consumers(self, name: str) -> list[Line]:
        """The lines that take an output of this layer, in order."""
        return [line for line in self.lines if any(ref.layer == name for ref in references(line))]

    def rename(self, old: str, new: str) -> None:
        """Give a layer another name, wherever it is referred to."""

        def renamed(value: Any) -> Any:
            if isinstance(value, list):
                return [renamed(member) for member in value]
            return Ref(new, value.output) if value in refs else value

        for line in self.lines:
            refs = {ref for ref in references(line) if ref.layer == old}
            line.inputs = renamed(line.inputs) if refs else line.inputs
            line.kwargs = {name: renamed(value) for name, value in line.kwargs.items()}
            line.shared = new if line.shared == old else line.shared
        self.outputs = [new if name == old else name for name in self.outputs]
        self.line(old).name = new

    def to_json(self) -> dict[str, Any]:
        """The canonical stack: inline form, every layer named, Input first."""
        above: str | None = None
        layers = []
        for line in self.lines:
            layers.append(line.to_json(above))
            above = line.name
        named = {"name": self.name} if self.name else {}
        return {**named, "layers": layers, "outputs": list(self.outputs)}


def references(line: Line) -> list[Ref]:
    """All outputs of other layers that a line takes, by `inputs` and by `kwargs`."""
    found = list(line.inputs)
    for value in line.kwargs.values():
        members = value if isinstance(value, list) else [value]
        found += [member for member in members if isinstance(member, Ref)]
    return found
