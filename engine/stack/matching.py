"""Which layers of a network may start with the weights of which layers of another one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

FITTED = frozenset(
    {"Normalization", "Discretization", "StringLookup", "IntegerLookup", "TextVectorization"}
)
"""Layers that learn from the rows of a job before its training, not by it."""


@dataclass(frozen=True)
class Holder:
    """A layer that holds weights: their shapes in Keras's order."""

    name: str
    class_name: str
    shapes: tuple[tuple[int, ...], ...]


@dataclass
class Matching:
    """`taken`: the source's layer by the target's; `left`: why a layer keeps fresh weights."""

    taken: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, list[dict[str, str]]]:
        """As plans, jobs and events tell it, in the order of the stack."""
        return {
            "matched": [{"layer": name, "source": source} for name, source in self.taken.items()],
            "left": [{"layer": name, "reason": reason} for name, reason in self.left.items()],
        }


def holders(stack: Mapping[str, Any], layers: Mapping[str, Any]) -> list[Holder]:
    """The layers with weights of a canonical stack, in its order; `layers` are Keras's by name.

    A layer that is called again counts once.
    """
    found = []
    for line in stack["layers"]:
        layer = layers.get(line["name"])
        if layer is None or line.get("shared") or not layer.weights:
            continue
        shapes = tuple(tuple(weight.shape) for weight in layer.weights)
        found.append(Holder(line["name"], type(layer).__name__, shapes))
    return found


def match(
    targets: Iterable[Holder], sources: Iterable[Holder], own: Iterable[str] = ()
) -> Matching:
    """Find a source for every layer but those of `own`, which have other first weights.

    First the layer of the same name, class and shapes. Of what is then left, in the order of
    both stacks, the next one of the same class and shapes: so a layer put in between, which
    changes the numbers in the names that Keras gives, does not keep the others from matching.
    """
    known = {source.name: source for source in sources}
    wanted = list(targets)
    reasons = _barred(wanted, set(own))
    open_ones = [target for target in wanted if target.name not in reasons]
    taken = {target.name: target.name for target in open_ones if known.get(target.name) == target}
    free = [source for source in known.values() if source.name not in taken]
    for target in open_ones:
        if target.name in taken:
            continue
        source = next((one for one in free if _alike(one, target)), None)
        if source is not None:
            taken[target.name] = source.name
            free.remove(source)
        else:
            reasons[target.name] = _why(target, known.get(target.name))
    return Matching(
        {target.name: taken[target.name] for target in wanted if target.name in taken},
        {target.name: reasons[target.name] for target in wanted if target.name in reasons},
    )


def _barred(targets: Iterable[Holder], own: set[str]) -> dict[str, str]:
    """Layers that are no matter of matching, and why."""
    found = {}
    for target in targets:
        if target.name in own:
            found[target.name] = "The stack gives it other weights."
        elif target.class_name in FITTED:
            found[target.name] = "It learns from the data of this job."
    return found


def _alike(source: Holder, target: Holder) -> bool:
    return (source.class_name, source.shapes) == (target.class_name, target.shapes)


def _why(target: Holder, namesake: Holder | None) -> str:
    if namesake is None or namesake.class_name != target.class_name:
        return f"No {target.class_name} with weights of {_shown(target)} is left to take from."
    return f"It has weights of {_shown(target)}, its namesake of {_shown(namesake)}."


def _shown(holder: Holder) -> str:
    return ", ".join(str(list(shape)) for shape in holder.shapes[:6])
