"""Targets: which column each output learns, and how loss and output fit it."""

from dataclasses import dataclass
from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.stack import Findings, Network, Spec, Stack
from engine.stack.line import Line
from engine.stack.pointer import join
from engine.targets import label_encoding

from .columns import column_of
from .loss import Loss
from .outcome import check_outcome

_USUAL = ("label", "target", "class", "y", "species", "outcome")


@dataclass
class Target:
    """One output and what it learns: `form` is how the column is given to the loss."""

    output: str
    column: Column
    form: str
    loss: Loss


def target_columns(
    schema: Schema, stack: Stack, data: dict[str, Any], pointer: str, findings: Findings
) -> dict[str, Column]:
    """Output name to target column, from `data.target` or the column whose role is label."""
    given, place = data.get("target"), join(pointer, "target")
    if given is None:
        return _labelled(schema, stack, place, findings)
    if isinstance(given, dict):
        return _several(given, schema, stack, place, findings)
    if len(stack.outputs) > 1:
        names = ", ".join(stack.outputs)
        detail = f"The stack has the outputs {names}; write the target as {{output: column}}."
        findings.add(place, "target-mismatch", detail)
        return {}
    column = column_of(given, schema, place, findings)
    return {stack.outputs[0]: column} if column and stack.outputs else {}


def _labelled(schema: Schema, stack: Stack, place: str, findings: Findings) -> dict[str, Column]:
    labels = [column for column in schema.columns if column.role == "label"]
    if labels and len(stack.outputs) == 1:
        return {stack.outputs[0]: labels[0]}
    candidates = [c.name for c in schema.columns if c.name.lower() in _USUAL]
    candidates += [c.name for c in schema.columns[-1:] if c.name not in candidates]
    fix = [{"op": "add", "path": place, "value": candidates[0]}] if candidates else None
    detail = f"Say which column to learn; the dataset has {', '.join(schema.names[:10])}."
    findings.add(place, "missing-field", detail, candidates[:3], fix)
    return {}


def _several(
    given: dict[str, str], schema: Schema, stack: Stack, place: str, findings: Findings
) -> dict[str, Column]:
    found = {}
    for output, name in given.items():
        where = join(place, output)
        if output not in stack.outputs:
            detail = f"The stack has no output called {output[:100]!r}."
            findings.add(where, "unknown-output", detail, suggestions(output, stack.outputs))
            continue
        column = column_of(name, schema, where, findings)
        if column:
            found[output] = column
    for output in stack.outputs:
        if output not in given:
            detail = f"The output {output!r} has no target."
            findings.add(join(place, output), "missing-field", detail)
    return found


def final_activation(line: Line) -> str | None:
    """The name of the activation that an output passes last; None when there is none."""
    if line.class_name in ("Softmax", "ReLU"):
        return line.class_name.lower()
    given = line.spec.arguments.get("activation") if line.spec else None
    name = given.entry.name if isinstance(given, Spec) else None
    return None if name == "linear" else name


def bind_targets(
    columns: dict[str, Column],
    losses: dict[str, Loss | None],
    stack: Stack,
    network: Network,
    pointer: str,
    data_findings: Findings,
    training_findings: Findings,
) -> dict[str, Target]:
    """Settle each output's loss and the form of its target, and check that they fit.

    `losses` holds None for an output whose loss is "auto".
    """
    found = {}
    for output, column in columns.items():
        tensors = network.tensors.get(output)
        if not tensors or output not in losses:
            continue
        shape = tuple(tensors[0].shape[1:])
        line = stack.line(output)
        loss = losses[output] or Loss.automatic(column, shape, final_activation(line))
        if loss.short in ("crossentropy", "ce"):
            loss = Loss.automatic(column, shape, final_activation(line), loss.pointer)
        place = join(pointer, "target")
        try:
            form = label_encoding(column, loss.class_name, shape)
        except ValueError as error:
            fix = [{"op": "replace", "path": loss.pointer, "value": "auto"}]
            where = training_findings if loss.pointer else data_findings
            code = "loss-mismatch" if loss.pointer else "target-mismatch"
            where.add(loss.pointer or place, code, str(error), fix=fix if loss.pointer else None)
            continue
        target = Target(output, column, form, loss)
        found[output] = target
        check_outcome(target, line, shape, place, stack, data_findings, training_findings)
    return found
