"""What a request says of its targets: which columns each output learns, and in which way."""

from dataclasses import dataclass
from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.stack import Findings, Stack
from engine.stack.pointer import join
from engine.targets import WAYS, Way
from engine.targets.multi_label import MultiLabel

from .columns import column_of
from .described import read_described

_USUAL = ("label", "target", "class", "y", "species", "outcome")
_MEMBERS = ("columns", "encoding")


@dataclass
class Wish:
    """The columns of one output; `way` is None for the usual one. `pointer` is where it stands."""

    columns: list[Column]
    way: Way | None
    pointer: str

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    def to_json(self) -> Any:
        """The canonical form: a name, names, or an object where a way was asked for."""
        named: Any = self.names if len(self.columns) > 1 else self.names[0]
        return named if self.way is None else {"columns": named, "encoding": self.way.to_json()}


def target_columns(
    schema: Schema, stack: Stack, data: dict[str, Any], pointer: str, findings: Findings
) -> dict[str, Wish]:
    """Output name to what it learns, from `data.target` or the column whose role is label."""
    given, place = data.get("target"), join(pointer, "target")
    if given is None:
        return _labelled(schema, stack, place, findings)
    if isinstance(given, dict) and not _single(given, stack):
        return _several(given, schema, stack, place, findings)
    if len(stack.outputs) > 1:
        names = ", ".join(stack.outputs)
        detail = f"The stack has the outputs {names}; write the target as {{output: column}}."
        findings.add(place, "target-mismatch", detail)
        return {}
    wish = _wish(given, schema, place, findings)
    return {stack.outputs[0]: wish} if wish and stack.outputs else {}


def _single(given: dict[str, Any], stack: Stack) -> bool:
    """Whether an object describes one target and is not an object by output."""
    told = "columns" in given and all(name in _MEMBERS for name in given)
    return told and not all(name in stack.outputs for name in given)


def _labelled(schema: Schema, stack: Stack, place: str, findings: Findings) -> dict[str, Wish]:
    labels = [column for column in schema.columns if column.role == "label"]
    if labels and len(stack.outputs) == 1:
        return {stack.outputs[0]: Wish(labels[:1], None, place)}
    candidates = [c.name for c in schema.columns if c.name.lower() in _USUAL]
    candidates += [c.name for c in schema.columns[-1:] if c.name not in candidates]
    fix = [{"op": "add", "path": place, "value": candidates[0]}] if candidates else None
    detail = f"Say which column to learn; the dataset has {', '.join(schema.names[:10])}."
    findings.add(place, "missing-field", detail, candidates[:3], fix)
    return {}


def _several(
    given: dict[str, Any], schema: Schema, stack: Stack, place: str, findings: Findings
) -> dict[str, Wish]:
    found = {}
    for output, one in given.items():
        where = join(place, output)
        if output not in stack.outputs:
            detail = f"The stack has no output called {output[:100]!r}."
            findings.add(where, "unknown-output", detail, suggestions(output, stack.outputs))
            continue
        wish = _wish(one, schema, where, findings)
        if wish:
            found[output] = wish
    for output in stack.outputs:
        if output not in given:
            detail = f"The output {output!r} has no target."
            findings.add(join(place, output), "missing-field", detail)
    return found


def _wish(given: Any, schema: Schema, place: str, findings: Findings) -> Wish | None:
    """One target: a column, a list of columns, or an object that says the way as well."""
    way, count = None, len(findings.items)
    where = place
    if isinstance(given, dict):
        asked = given.get("encoding", "auto")
        if asked != "auto":
            way = read_described(asked, WAYS, join(place, "encoding"), findings, "target encoding")
        given, where = given.get("columns"), join(place, "columns")
    columns = _columns(given, schema, where, findings)
    if not columns or len(findings.items) > count:
        return None
    return Wish(columns, way or _labels(columns), place)


def _columns(given: Any, schema: Schema, where: str, findings: Findings) -> list[Column]:
    """The columns that are named; what is wrong with a name is noted."""
    names = given if isinstance(given, list) else [given]
    if not names:
        findings.add(where, "missing-field", "Name at least one column to learn.")
    columns: list[Column] = []
    for index, name in enumerate(names):
        at = join(where, index) if isinstance(given, list) else where
        if not isinstance(name, str):
            findings.add(at, "bad-type", "The name of a column belongs here.")
            continue
        column = column_of(name, schema, at, findings)
        if column is not None and column in columns:
            findings.add(at, "bad-value", f"{name!r} is named twice.")
        elif column is not None:
            columns.append(column)
    return columns


def _labels(columns: list[Column]) -> Way | None:
    """Texts that list labels are learned as such, said or not; few different ones as classes."""
    column = columns[0]
    lists = column.role == "labels" or (column.kind == "text" and column.labels is not None)
    return MultiLabel() if len(columns) == 1 and lists else None
