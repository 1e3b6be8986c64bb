"""What a rule may look at: a sound request, its data and the network it describes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.binding import Features, Target, Training
from engine.binding.split import named_parts
from engine.dataset.schema import Column, Schema
from engine.splits._parts import share
from engine.stack import Network, Spec, Stack
from engine.stack.line import Line
from engine.stack.pointer import join

from ._kinds import ACTIVATIONS, WRAPPERS
from ._sent import Patch, Sent, insertion, removal

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Context:
    """A request in which the check found nothing wrong. Rules only read it.

    `sent` is the body as the client wrote it; patches are made through it. `rows` is the size
    of the training part, None without data. `classes` tells how often each value of a column
    occurs, for columns of which that is known; `profile` what was found of several columns
    together when the dataset was read (`engine.profile`). `started` names the layers that start
    from those of a trained model by `init_from`.
    """

    sent: Sent
    stack: Stack
    network: Network
    schema: Schema | None = None
    features: Features = field(default_factory=Features)
    targets: Mapping[str, Target] = field(default_factory=dict)
    training: Training = field(default_factory=Training)
    split: Mapping[str, Any] = field(default_factory=dict)
    rows: int | None = None
    classes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    started: frozenset[str] = frozenset()

    def lines(self, *class_names: str) -> Iterator[Line]:
        """The layers of these classes in order; all layers without any."""
        for line in self.stack.lines:
            if not class_names or line.class_name in class_names:
                yield line

    def value(self, line: Line, name: str) -> Any:
        """An argument of a layer as given, else its default; None when it has no such."""
        return argument(line.spec, name)

    def core(self, line: Line) -> Spec | None:
        """The layer itself; of a Bidirectional or TimeDistributed, the layer within."""
        inner = line.spec.arguments.get("layer") if line.spec else None
        return inner if line.class_name in WRAPPERS and isinstance(inner, Spec) else line.spec

    def activation(self, line: Line) -> str | None:
        """The activation that a layer ends with, by name; None for none (`linear`)."""
        if line.class_name in ACTIVATIONS:
            return ACTIVATIONS[line.class_name]
        return activation(line.spec)

    def shape(self, line: Line) -> Shape | None:
        """What a layer gives for one row; None when it is not known."""
        tensors = self.network.tensors.get(line.name)
        return tuple(tensors[0].shape[1:]) if tensors else None

    def given(self, line: Line) -> Shape | None:
        """What a layer takes for one row: the shape of its first input."""
        if not line.inputs:
            return None
        tensors = self.network.tensors.get(line.inputs[0].layer)
        return tuple(tensors[line.inputs[0].output].shape[1:]) if tensors else None

    def before(self, line: Line) -> Line | None:
        """The layer whose output this one takes; None for none or several."""
        return self.stack.line(line.inputs[0].layer) if len(line.inputs) == 1 else None

    def after(self, line: Line) -> Line | None:
        """The only layer that takes this one's output; None for an output or several takers."""
        takers = self.stack.consumers(line.name)
        return takers[0] if len(takers) == 1 and not self.ends(line) else None

    def past(self, line: Line, skipped: frozenset[str]) -> Line | None:
        """As `after`, but seen through layers of the skipped classes."""
        found = self.after(line)
        while found is not None and found.class_name in skipped:
            found = self.after(found)
        return found

    def ends(self, line: Line) -> bool:
        """Whether the layer is an output of the stack."""
        return line.name in self.stack.outputs

    def parameters(self, line: Line) -> int:
        """The number of a layer's weights, 0 where shapes are not known.

        The weights of a shared layer belong to its first call; later calls have none.
        """
        layer = self.network.layers.get(line.name)
        if layer is None or line.shared or line.name not in self.network.tensors:
            return 0
        return sum(_product(tuple(weight.shape)) for weight in getattr(layer, "weights", ()))

    def fed(self) -> Iterator[tuple[Line, Column, dict[str, Any], str]]:
        """Every feature: Input, column, canonical encoding, where that encoding was written.

        The place is empty when the request does not write it.
        """
        for name, feed in self.features.inputs.items():
            written = self.sent.look(self.sent.place("data", "inputs", name, "encoding"))
            for index, (title, encoding) in enumerate(
                zip(feed["columns"], feed["encoding"], strict=True)
            ):
                place = self.sent.place("data", "inputs", name, "encoding")
                if isinstance(written, list):
                    place += f"/{index}"
                elif isinstance(written, dict) and "class_name" not in written:
                    place = join(place, title) if title in written else ""
                elif written is None or len(feed["columns"]) > 1:
                    place = ""
                if self.schema is not None:
                    yield self.stack.line(name), self.schema.column(title), encoding, place

    def validation_rows(self) -> int:
        """Rows split off for validation; 0 without data or with a dataset of their own."""
        if self.schema is None:
            return 0
        return share(self.schema.rows, self.split.get("validation") or 0.0)

    @property
    def target(self) -> Target | None:
        """The only target of a request whose rows stand for themselves; None for windows."""
        if len(self.targets) != 1 or self.sent.section("data").get("window"):
            return None
        return next(iter(self.targets.values()))

    def leaking(self) -> list[dict[str, Any]]:
        """The features that are known to tell the target: entries of the profile."""
        if self.target is None:
            return []
        found = self.profile.get("associations", {}).get(self.target.column.name, [])
        used = {column.name for _, column, _, _ in self.fed()}
        return [entry for entry in found if entry["feature"] in used]

    def validated(self) -> bool:
        """Whether metrics are measured on rows that are not trained on."""
        given = self.split.get("validation") or self.sent.section("data").get("validation")
        return bool(given or "validation" in named_parts(self.split, self.schema))

    def without(self, line: Line) -> Patch | None:
        """The patch that leaves a layer out; None where that is not safe."""
        return removal(line, self.stack, self.sent)

    def inserted(self, line: Line, *layers: dict[str, Any]) -> Patch | None:
        """The patch that puts layers before this one; None where that is not safe."""
        return insertion(line, self.stack, *layers)

    def callbacks(self, *class_names: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Callbacks of these classes: where each was written, and its canonical form."""
        for index, callback in enumerate(self.training.callbacks):
            if callback["class_name"] in class_names:
                yield self.sent.place("callbacks", index), callback


def argument(spec: Spec | None, name: str) -> Any:
    """An argument of an object as given, else its default; None when it has no such."""
    if spec is None:
        return None
    if name in spec.arguments:
        return spec.arguments[name]
    known = spec.entry.arguments.get(name)
    return None if known is None or known.required else known.default


def activation(spec: Spec | None) -> str | None:
    """The name of an object's `activation`; None for none and for `linear`."""
    value = argument(spec, "activation")
    if isinstance(value, Spec):
        layer = value.entry.kind == "layers"
        value = ACTIVATIONS.get(value.entry.name) if layer else value.entry.name
    return None if value in (None, "linear") else str(value)


def beyond_shares(target: Target) -> bool:
    """Whether a target holds numbers that are known not to lie within 0 to 1."""
    low, high = target.column.minimum, target.column.maximum
    return target.form == "raw" and low is not None and (low < 0 or (high or 0) > 1)


def sizes(value: Any, axes: int) -> tuple[int, ...] | None:
    """A size as Keras takes it, one number or one per axis, as one per axis."""
    if isinstance(value, int):
        return (value,) * axes
    if isinstance(value, (list, tuple)) and len(value) == axes:
        return tuple(value)
    return None


def spatial(shape: Shape | None) -> tuple[int, ...] | None:
    """The axes between rows and channels when all are known."""
    if shape is None or len(shape) < 2:
        return None
    known = tuple(size for size in shape[:-1] if size is not None)
    return known if len(known) == len(shape) - 1 else None


def _product(shape: tuple[int, ...]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total
