"""Losses of a request: read from any of the accepted forms, or chosen by target and output."""

from dataclasses import dataclass
from typing import Any

from engine.dataset.schema import Column
from engine.stack import Findings, Spec, read_object
from engine.stack.pointer import join
from engine.targets import Way

Shape = tuple[int | None, ...]
_FROM_SHAPES = ("crossentropy", "ce")


@dataclass
class Loss:
    """One loss. `pointer` is where it was written, empty when it was chosen; `short` as written."""

    spec: Spec | None
    pointer: str = ""
    short: str | None = None

    @property
    def class_name(self) -> str | None:
        """The Keras class, None while it hangs on the target."""
        return self.spec.entry.name if self.spec else None

    def to_json(self) -> dict[str, Any] | None:
        """The canonical object with all arguments."""
        return self.spec.to_json(full=True) if self.spec else None

    @classmethod
    def automatic(
        cls,
        columns: list[Column],
        way: Way | None,
        shape: Shape,
        activation: str | None,
        pointer: str = "",
    ) -> "Loss":
        """The usual loss for target columns, an output's shape and its last activation."""
        name = _usual(columns, way, shape, activation)
        arguments: dict[str, Any] = {}
        if name != "MeanSquaredError" and activation is None:
            arguments["from_logits"] = True
        spec = read_object("losses", {"class_name": name, **arguments}, pointer, Findings())
        return cls(spec, pointer)


def _of_way(columns: list[Column], way: Way | None, units: int | None) -> str | None:
    """The loss where the way or the number of columns decides it alone."""
    if way is not None and way.usual_loss:
        return way.usual_loss
    if len(columns) > 1:
        flags = way is None and all(one.kind == "boolean" for one in columns)
        return "BinaryCrossentropy" if flags else "MeanSquaredError"
    if way is None or not columns[0].flat:
        return None
    if way.name == "classes":
        return "BinaryCrossentropy" if units == 1 else "SparseCategoricalCrossentropy"
    return "MeanSquaredError"


def _usual(columns: list[Column], way: Way | None, shape: Shape, activation: str | None) -> str:
    column, units = columns[0], shape[-1] if shape else 1
    decided = _of_way(columns, way, units)
    if decided is not None:
        return decided
    if column.kind in ("number", "text", "date", "image"):
        return "MeanSquaredError"
    if column.kind == "tensor":
        whole = column.dtype.startswith(("int", "uint")) and activation == "softmax"
        sparse = whole and len(column.shape or []) < len(shape)
        return "SparseCategoricalCrossentropy" if sparse else "MeanSquaredError"
    if column.kind == "integer" and not _labels(column, units, activation):
        return "MeanSquaredError"
    return "BinaryCrossentropy" if units == 1 else "SparseCategoricalCrossentropy"


def _labels(column: Column, units: int | None, activation: str | None) -> bool:
    """Whether whole numbers are class labels, by what the network's end makes of them."""
    if column.categories is None:
        return False
    if activation == "softmax":
        return True
    if activation == "sigmoid" and units == 1:
        return len(column.categories) <= 2
    return units is not None and units > 1 and units == len(column.categories)


def read_losses(
    given: Any, outputs: list[str], pointer: str, findings: Findings
) -> dict[str, Loss | None]:
    """Output name to loss; None for "auto". One loss for all, a list, or an object by output."""
    if given is None or given == "auto":
        return dict.fromkeys(outputs)
    if isinstance(given, dict) and "class_name" not in given:
        for name in given:
            if name not in outputs:
                detail = f"The stack has no output called {name[:100]!r}."
                findings.add(join(pointer, name), "unknown-output", detail)
        members = {name: (given.get(name), join(pointer, name)) for name in outputs}
    elif isinstance(given, list):
        if len(given) != len(outputs):
            detail = f"There are {len(outputs)} outputs and {len(given)} losses."
            findings.add(pointer, "bad-value", detail)
            return {}
        members = {
            name: (loss, join(pointer, index))
            for index, (name, loss) in enumerate(zip(outputs, given, strict=True))
        }
    else:
        members = dict.fromkeys(outputs, (given, pointer))
    return {name: _one(loss, place, findings) for name, (loss, place) in members.items()}


def _one(given: Any, pointer: str, findings: Findings) -> Loss | None:
    if given is None or given == "auto":
        return None
    if given in _FROM_SHAPES:
        return Loss(None, pointer, given)
    return Loss(read_object("losses", given, pointer, findings), pointer)
