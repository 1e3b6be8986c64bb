"""A checked object: a class of the catalogue and its arguments, ready to be made."""

from dataclasses import dataclass, field
from typing import Any

from engine.catalog import Entry


@dataclass
class Spec:
    """What a document says about one object of Keras.

    `arguments` holds plain JSON values and further Specs. `pointer` is where the object stands
    in the document as sent, `base` where its arguments stand (`…/config` in Keras's form).
    """

    entry: Entry
    arguments: dict[str, Any] = field(default_factory=dict)
    pointer: str = ""
    base: str = ""

    def create(self, **overrides: Any) -> Any:
        """Make the Keras object. Raises whatever its constructor raises."""
        make = _tuples if self.entry.kind == "operations" else _made
        values = {name: make(value) for name, value in self.arguments.items()}
        if self.entry.kind == "optimizers" and values.get("learning_rate") == "auto":
            del values["learning_rate"]  # its own, until the training has found one
        if self.entry.kind == "activations":
            return self.entry.target
        return self.entry.target(**(values | overrides))

    def to_json(self, *, full: bool = False) -> Any:
        """The canonical object, inline form; `full` fills in the defaults of the signature."""
        if self.entry.kind == "activations":
            return self.entry.name
        values: dict[str, Any] = {}
        if full:
            values = {
                argument.name: list(argument.default)
                if isinstance(argument.default, tuple)
                else argument.default
                for argument in self.entry.arguments.values()
                if not argument.required
            }
        values |= {name: _plain(value, full) for name, value in self.arguments.items()}
        return {"class_name": self.entry.name, **values}


def _made(value: Any) -> Any:
    if isinstance(value, Spec):
        return value.create()
    if isinstance(value, list):
        return [_made(member) for member in value]
    return value


def _tuples(value: Any) -> Any:
    # Operations add shapes to tuples of Keras's own.
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _plain(value: Any, full: bool) -> Any:
    if isinstance(value, Spec):
        return value.to_json(full=full)
    if isinstance(value, list):
        return [_plain(member, full) for member in value]
    return value
