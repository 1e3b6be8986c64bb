"""One line of a stack: a named layer, what it takes and how it is called."""

import inspect
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from engine.catalog import Entry

from .spec import Spec
from .weights import Weights


@dataclass(frozen=True)
class Ref:
    """The output of an earlier layer; `output` counts the tensors of one that gives several."""

    layer: str
    output: int = 0

    def to_json(self) -> str | dict[str, Any]:
        """The reference as `inputs` holds it: a name where that says it all."""
        return {"layer": self.layer, "output": self.output} if self.output else self.layer


@dataclass
class Line:
    """A layer of a stack. `spec` is None when the layer itself could not be read.

    `made` tells an Input that the document does not hold and that is made from the data.
    `shared` names the earlier layer that this line calls again; then `spec` is that layer's.
    `weights` says where the layer's first weights come from, if not from its initializers.
    """

    name: str
    spec: Spec | None
    pointer: str
    inputs: list[Ref] = field(default_factory=list)
    explicit: bool = False
    kwargs: dict[str, Any] = field(default_factory=dict)
    made: bool = False
    class_name: str = ""
    shared: str | None = None
    weights: Weights | None = None

    @property
    def is_input(self) -> bool:
        """Whether this is an Input."""
        return self.class_name == "InputLayer"

    @property
    def shown(self) -> str:
        """The class as clients write it: `Input` for Keras's InputLayer."""
        return "Input" if self.is_input else self.class_name

    def to_json(self, above: str | None) -> dict[str, Any]:
        """The canonical line; `inputs` only where they are not just the layer above."""
        if self.spec is None:
            raise ValueError(f"the layer {self.name!r} could not be read")
        line: dict[str, Any] = {"class_name": self.shown, "name": self.name}
        line |= {"shared": self.shared} if self.shared else self.spec.to_json()
        line["class_name"] = self.shown
        if not self.is_input and self.inputs != ([Ref(above)] if above else []):
            refs = [ref.to_json() for ref in self.inputs]
            line["inputs"] = refs[0] if len(refs) == 1 else refs
        if self.weights:
            line["weights"] = self.weights.to_json()
        if self.kwargs:
            line["kwargs"] = {name: _shown(value) for name, value in self.kwargs.items()}
        return line


def _shown(value: Any) -> Any:
    if isinstance(value, Ref):
        return {"layer": value.layer, **({"output": value.output} if value.output else {})}
    return [_shown(member) for member in value] if isinstance(value, list) else value


def snake(name: str) -> str:
    """The name Keras gives an unnamed layer of a class: `Conv2D` is `conv2d`."""
    split = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", split).lower()


@cache
def call_arguments(target: Any) -> tuple[tuple[str, ...], frozenset[str]]:
    """Of a layer class: the tensors `call` must be given in order, and what else it may be."""
    parameters = [p for p in inspect.signature(target.call).parameters.values() if p.name != "self"]
    named = [
        p
        for p in parameters
        if p.kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    ]
    needed = tuple(p.name for p in named if p.default is inspect.Parameter.empty)
    return needed, frozenset(p.name for p in named) - set(needed)


def arranged(line: Line, tensors: list[Any]) -> list[Any]:
    """Tensors as `call` takes them: one, a list, or spread over several parameters.

    A layer that needs several (query, value) and is given one attends to itself.
    """
    needed, _ = call_arguments(line.spec.entry.target) if line.spec else ((), frozenset())
    if len(needed) > 1:
        return tensors * len(needed) if len(tensors) == 1 else tensors
    return tensors if len(tensors) == 1 else [tensors]


def is_cell(entry: Entry) -> bool:
    """Whether the class is a step of a recurrent layer, which stands only inside RNN."""
    return entry.name.endswith("Cell") or entry.name == "StackedRNNCells"
