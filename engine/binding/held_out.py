"""Datasets of their own for the validation and the test part, compared with the main one."""

from collections.abc import Mapping
from typing import Any

from engine.catalog import suggestions
from engine.dataset.alike import differences, strange_labels
from engine.dataset.schema import Schema
from engine.stack import Findings
from engine.stack.pointer import join
from engine.targets import OF_CLASSES

from .target import Target


def bind_held_out(
    schema: Schema | None,
    others: Mapping[str, dict[str, Any] | None],
    data: Mapping[str, Any],
    targets: Mapping[str, Target],
    pointer: str,
    findings: Findings,
) -> None:
    """Note what keeps a dataset named by `data.validation` or `data.test` from being one.

    `others` are their schemas as JSON by part, None where the part has no dataset; `data` is the
    section with its canonical `inputs`.
    """
    names = _looked_at(data, targets)
    for part, given in others.items():
        if given is None or schema is None:
            continue
        other, place = Schema.from_json(given), join(pointer, part)
        for found in differences(part, schema, other, names):
            code = "unknown-column" if found.missing else "bad-value"
            alike = suggestions(found.column, other.names) if found.missing else []
            findings.add(place, code, found.detail, alike)
        if not other.rows:
            findings.add(place, "too-few-rows", f"The {part} dataset has no rows.")
        _check_labels(part, schema, other, targets, place, findings)


def _looked_at(data: Mapping[str, Any], targets: Mapping[str, Target]) -> list[str]:
    """The columns of a dataset that its rows are made of."""
    names = [column.name for target in targets.values() for column in target.columns]
    names += [name for one in data["inputs"].values() for name in one["columns"]]
    window = data.get("window") or {}
    return [
        *names,
        *filter(None, [data.get("sample_weight"), window.get("key"), window.get("order")]),
    ]


def _check_labels(
    part: str,
    schema: Schema,
    other: Schema,
    targets: Mapping[str, Target],
    place: str,
    findings: Findings,
) -> None:
    for target in targets.values():
        name = target.column.name
        if target.form not in (*OF_CLASSES, "ordinal") or name not in other.names:
            continue
        strange = strange_labels(schema.column(name), other.column(name))
        if strange:
            listed = ", ".join(map(repr, strange[:5])) + ("…" if len(strange) > 5 else "")
            detail = (
                f"The target {name!r} holds labels in the {part} dataset that the main dataset"
                f" lacks: {listed}. The network has no output for them."
            )
            findings.add(place, "target-mismatch", detail)
