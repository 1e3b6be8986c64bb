"""The division of rows into training, validation and test parts, as a canonical section."""

from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Schema
from engine.splits import SPLITS
from engine.splits._parts import share
from engine.stack import Findings
from engine.stack.pointer import join

from .target import Target

WAYS = tuple(SPLITS)
_DEFAULT_VALIDATION = 0.2
_PARTS = ("validation", "test")


def bind_split(
    data: dict[str, Any],
    schema: Schema | None,
    targets: dict[str, Target],
    pointer: str,
    findings: Findings,
) -> tuple[dict[str, Any], int | None]:
    """The canonical `data.split`, and how many rows are left for training.

    `auto` is stratified when the only target holds classes, else random. With a
    dataset for validation or test nothing is split off for it.
    """
    place = join(pointer, "split")
    split = _filled(data, targets)
    _check_way(split["by"], data.get("split") or {}, targets, join(place, "by"), findings)
    if split["validation"] + split["test"] >= 1:
        detail = "Validation and test part together leave no rows for training."
        findings.add(place, "bad-value", detail)
        return split, None
    if schema is None:
        return split, None
    rows = schema.rows - sum(share(schema.rows, split[part]) for part in _PARTS)
    if rows < 1:
        detail = f"The dataset has {schema.rows} rows, which leaves none for training."
        findings.add(place, "too-few-rows", detail)
        return split, None
    return split, rows


def _filled(data: dict[str, Any], targets: dict[str, Target]) -> dict[str, Any]:
    split = {"by": "auto", "validation": _DEFAULT_VALIDATION, "test": 0.0}
    split |= data.get("split") or {}
    for part in _PARTS:
        if data.get(part) is not None:
            split[part] = 0.0
    if split["by"] == "auto":
        split["by"] = "stratified" if len(targets) == 1 and _classes(targets) else "random"
    return split


def _classes(targets: dict[str, Target]) -> bool:
    return bool(targets) and all(target.form != "raw" for target in targets.values())


def _check_way(
    way: Any, given: dict[str, Any], targets: dict[str, Target], pointer: str, findings: Findings
) -> None:
    if way not in WAYS:
        detail = f"'by' must be one of auto, {', '.join(WAYS)}."
        findings.add(pointer, "bad-value", detail, suggestions(str(way), list(WAYS)))
    elif given.get("by") == "stratified" and targets and not _classes(targets):
        detail = "A stratified split needs a target of classes."
        fix = [{"op": "replace", "path": pointer, "value": "random"}]
        findings.add(pointer, "bad-value", detail, fix=fix)
