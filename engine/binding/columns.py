"""Which columns feed which Input."""

from dataclasses import dataclass, field
from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.encodings import left_out
from engine.stack import Findings, Stack
from engine.stack.document import NAME
from engine.stack.line import Line
from engine.stack.pointer import join

RECONSTRUCTED = ("tensor", "image")
"""Kinds of columns that may be a target and, when named, a feature too: for autoencoders."""

_MOST_NAMED = 10


@dataclass
class Feed:
    """The columns of one Input, how they were asked to be encoded, where that was written."""

    columns: list[Column]
    encoding: Any = "auto"
    pointer: str = ""
    named: bool = False


@dataclass
class Choice:
    """The feeds by Input name, and the columns that nothing takes, with the reason."""

    feeds: dict[str, Feed] = field(default_factory=dict)
    left_out: list[dict[str, str]] = field(default_factory=list)


def column_of(name: str, schema: Schema, pointer: str, findings: Findings) -> Column | None:
    """The column of this name, or None after noting that there is none."""
    try:
        return schema.column(name)
    except KeyError:
        close = suggestions(name, schema.names)
        fix = [{"op": "replace", "path": pointer, "value": close[0]}] if close else None
        shown = ", ".join(schema.names[:_MOST_NAMED])
        more = ", …" if len(schema.names) > _MOST_NAMED else ""
        detail = f"The dataset has no column {name[:100]!r}; it has {shown}{more}."
        findings.add(pointer, "unknown-column", detail, close, fix)
        return None


def _named(
    names: list[str], schema: Schema, pointer: str, reserved: set[str], findings: Findings
) -> list[Column]:
    found = []
    for index, name in enumerate(names):
        place = join(pointer, index)
        column = column_of(name, schema, place, findings)
        if column is not None and name in reserved and column.kind not in RECONSTRUCTED:
            detail = f"{name!r} is the target or the weight and cannot be a feature as well."
            findings.add(place, "bad-value", detail, fix=[{"op": "remove", "path": place}])
        elif column is not None:
            found.append(column)
    return found


def choose(
    stack: Stack,
    schema: Schema,
    data: dict[str, Any],
    pointer: str,
    reserved: set[str],
    findings: Findings,
) -> Choice:
    """Choose the columns of every Input from `inputs`, `features` or, by default, all of them."""
    inputs, features = data.get("inputs"), data.get("features")
    if inputs and features:
        detail = "Write 'features' or 'inputs', not both."
        findings.add(join(pointer, "features"), "mixed-forms", detail)
        return Choice()
    if inputs:
        return _from_inputs(stack, schema, inputs, join(pointer, "inputs"), reserved, findings)
    lines = stack.inputs
    if len(lines) != 1:
        return _from_names(lines, schema, pointer, reserved, findings)
    if features:
        place = join(pointer, "features")
        columns = _named(features, schema, place, reserved, findings)
        return Choice({lines[0].name: Feed(columns, pointer=place, named=True)})
    return _from_all(stack, schema, pointer, reserved)


def _from_all(stack: Stack, schema: Schema, pointer: str, reserved: set[str]) -> Choice:
    """All columns but target and weight, less those that are of no use or do not go together."""
    choice, line = Choice(), stack.inputs[0]
    usable = []
    for column in schema.columns:
        if column.name in reserved:
            continue
        reason = left_out(column, schema.rows)
        if reason:
            choice.left_out.append({"column": column.name, "reason": reason})
        else:
            usable.append(column)
    embeds = any(taker.class_name == "Embedding" for taker in stack.consumers(line.name))
    kept = _together(usable, embeds)
    for column in usable:
        if column not in kept:
            choice.left_out.append({"column": column.name, "reason": _apart(column, embeds)})
    choice.feeds[line.name] = Feed(kept, pointer=pointer)
    return choice


def _apart(column: Column, embeds: bool) -> str:
    """Why a column is left out beside others of another kind, and what to do."""
    reason = "It does not go into one tensor with the other columns; give it its own Input."
    if column.kind == "text" and not embeds:
        return f"{reason} Named under 'features' before a Dense, it becomes a bag of words."
    return reason


def _together(columns: list[Column], embeds: bool) -> list[Column]:
    """The columns of one kind of tensor: an image or array alone, text alone, or flat values."""
    for kind in ("image", "tensor"):
        found = [column for column in columns if column.kind == kind]
        if found:
            return found[:1]
    texts = [column for column in columns if column.kind == "text"]
    others = [column for column in columns if column.kind != "text"]
    if texts and (embeds or not others):
        return texts[:1]
    if embeds:
        return [column for column in others if column.kind not in ("number", "date")] or others
    return others


def _from_inputs(
    stack: Stack,
    schema: Schema,
    inputs: dict[str, Any],
    pointer: str,
    reserved: set[str],
    findings: Findings,
) -> Choice:
    choice = Choice()
    _adopt_name(stack, inputs)
    names = [line.name for line in stack.inputs]
    for name, asked in inputs.items():
        place = join(pointer, name)
        if name not in names:
            detail = f"The stack has no Input called {name[:100]!r}; it has {', '.join(names)}."
            findings.add(place, "unknown-input", detail, suggestions(name, names))
            continue
        where = join(place, "columns")
        columns = _named(asked["columns"], schema, where, reserved, findings)
        choice.feeds[name] = Feed(columns, asked.get("encoding", "auto"), place, named=True)
    for line in stack.inputs:
        if line.name not in inputs:
            detail = f"Nothing feeds the Input {line.name!r}."
            findings.add(join(pointer, line.name), "missing-field", detail)
    return choice


def _adopt_name(stack: Stack, inputs: dict[str, Any]) -> None:
    """An Input made from the data takes the one name that the request gives it."""
    made = [line for line in stack.inputs if line.made]
    name = next(iter(inputs))
    if len(made) == 1 and len(inputs) == 1 and len(stack.inputs) == 1:
        taken = {line.name for line in stack.lines}
        if name not in taken and NAME.match(name):
            stack.rename(made[0].name, name)


def _from_names(
    lines: list[Line], schema: Schema, pointer: str, reserved: set[str], findings: Findings
) -> Choice:
    """Several Inputs and no word about them: each must be called like a column."""
    names = [line.name for line in lines]
    missing = [name for name in names if name not in schema.names or name in reserved]
    if missing:
        detail = (
            f"The stack has the Inputs {', '.join(names)}: say under 'inputs' which columns feed "
            'each, as {"inputs": {"NAME": {"columns": […]}}}.'
        )
        findings.add(join(pointer, "inputs"), "missing-field", detail)
        return Choice()
    feeds = {name: Feed([schema.column(name)], pointer=pointer, named=True) for name in names}
    return Choice(feeds)
