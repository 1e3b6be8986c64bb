"""Targets: which column each output learns, and how loss and output fit it."""

from dataclasses import dataclass, field

from engine.catalog import find
from engine.catalog.operations import PREFIX
from engine.dataset.schema import Column
from engine.stack import Findings, Network, Spec, Stack
from engine.stack.line import Line, snake
from engine.stack.pointer import join
from engine.targets import OF_CLASSES, Way, settled
from engine.targets.classes import Classes
from engine.targets.number import Number

from .loss import Loss
from .outcome import check_outcome
from .wish import Wish


@dataclass
class Target:
    """One output and what it learns: `form` is how the columns are given to the loss.

    `column` is the first of `columns`.
    """

    output: str
    column: Column
    form: str
    loss: Loss
    columns: list[Column] = field(default_factory=list)
    way: Way = field(default_factory=Number)

    def __post_init__(self) -> None:
        self.columns = self.columns or [self.column]
        if self.form in OF_CLASSES and not isinstance(self.way, Classes):
            self.way = Classes()

    @property
    def units(self) -> int | None:
        """How many numbers the output must give for each row; None when anything goes."""
        return self.way.units(self.columns, self.form)  # type: ignore[arg-type]


def final_activation(line: Line) -> str | None:
    """The name of the activation that an output passes last; None when there is none."""
    if line.class_name in ("Softmax", "ReLU"):
        return line.class_name.lower()
    if line.class_name.startswith(PREFIX):
        entry = find("activations", snake(line.class_name.removeprefix(PREFIX)))
        return entry.name if entry else None
    given = line.spec.arguments.get("activation") if line.spec else None
    name = given.entry.name if isinstance(given, Spec) else None
    return None if name == "linear" else name


def bind_targets(
    wishes: dict[str, Wish],
    losses: dict[str, Loss | None],
    stack: Stack,
    network: Network,
    data_findings: Findings,
    training_findings: Findings,
) -> dict[str, Target]:
    """Settle each output's loss and the form of its target, and check that they fit.

    `losses` holds None for an output whose loss is "auto".
    """
    found = {}
    for output, wish in wishes.items():
        tensors = network.tensors.get(output)
        if not tensors or output not in losses:
            continue
        shape = tuple(tensors[0].shape[1:])
        line = stack.line(output)
        asked = losses[output]
        if asked is None or asked.short in ("crossentropy", "ce"):
            place = asked.pointer if asked else ""
            loss = Loss.automatic(wish.columns, wish.way, shape, final_activation(line), place)
        else:
            loss = asked
        try:
            way, form = settled(wish.way, wish.columns, loss.class_name, shape)
        except ValueError as error:
            _note(error, wish, loss, data_findings, training_findings)
            continue
        target = Target(output, wish.columns[0], form, loss, wish.columns, way)
        found[output] = target
        check_outcome(target, line, shape, wish.pointer, stack, data_findings, training_findings)
    return found


def _note(
    error: ValueError, wish: Wish, loss: Loss, data_findings: Findings, findings: Findings
) -> None:
    """A form that cannot be is the loss's fault where one was asked for, and no way."""
    if loss.pointer and wish.way is None:
        fix = [{"op": "replace", "path": loss.pointer, "value": "auto"}]
        findings.add(loss.pointer, "loss-mismatch", str(error), fix=fix)
        return
    place = join(wish.pointer, "encoding") if wish.way else wish.pointer
    data_findings.add(place, "target-mismatch", str(error))
