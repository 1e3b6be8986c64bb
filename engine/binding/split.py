"""The division of rows into training, validation and test parts, as a canonical section."""

from collections.abc import Mapping
from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.dataset.windows import Window
from engine.splits import SPLITS
from engine.splits._parts import share
from engine.splits.column import WORDS
from engine.stack import Findings
from engine.stack.pointer import join
from engine.targets import OF_CLASSES

from .columns import column_of
from .target import Target
from .window import samples

WAYS = tuple(SPLITS)
_DEFAULT_VALIDATION = 0.2
_TIMES = ("date", "number", "integer")
_PARTS = ("validation", "test")


def bind_split(
    data: dict[str, Any],
    schema: Schema | None,
    targets: dict[str, Target],
    pointer: str,
    findings: Findings,
    window: Window | None = None,
    classes: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[dict[str, Any], int | None]:
    """The canonical `data.split`, and how many rows (samples of a window) are left for training.

    `classes` counts the values of columns, so that rows can be told where a column divides them.

    `auto` is by time for windows, by its column where one is named, stratified when the only
    target holds classes, else random. With a dataset for validation or test nothing is split off
    for it.
    """
    place = join(pointer, "split")
    split = _filled(data, targets, window)
    _check_way(split["by"], data.get("split") or {}, targets, join(place, "by"), findings)
    if split["by"] in WAYS:
        _check_column(split, schema, place, findings, window)
    _check_parts(split, data, schema, place, findings)
    if split["validation"] + split["test"] >= 1:
        detail = "Validation and test part together leave no rows for training."
        findings.add(place, "bad-value", detail)
        return split, None
    if schema is None:
        return split, None
    every = samples(window, schema) if window else schema.rows
    if split["by"] == "column":
        rows = None if window else _named_rows((classes or {}).get(split["column"]))
    else:
        rows = every - sum(share(every, split[part]) for part in _PARTS)
    if rows is not None and rows < 1:
        what = "samples" if window else "rows"
        detail = f"The dataset has {every} {what}, which leaves none for training."
        findings.add(place, "too-few-rows", detail)
        return split, None
    return split, rows


def _named_rows(counts: Mapping[str, int] | None) -> int | None:
    """The rows that a column gives to training; None where its words were not counted."""
    if counts is None:
        return None
    return sum(rows for word, rows in counts.items() if word.strip().lower() in WORDS["training"])


def _filled(
    data: dict[str, Any], targets: dict[str, Target], window: Window | None
) -> dict[str, Any]:
    given = data.get("split") or {}
    split = {"by": "auto", "column": None, "validation": _DEFAULT_VALIDATION, "test": 0.0}
    split |= {"seed": None} | given
    for part in _PARTS:
        if data.get(part) is not None or (split["by"] == "column" and part not in given):
            split[part] = 0.0
    if split["by"] == "auto":
        split["by"] = _automatic(targets, window)
    if split["by"] == "time" and window and split["column"] is None:
        split["column"] = window.order
    return split


def _check_parts(
    split: dict[str, Any],
    data: dict[str, Any],
    schema: Schema | None,
    place: str,
    findings: Findings,
) -> None:
    """A part comes from one place: a share of the rows, the words of a column, or a dataset."""
    named = named_parts(split, schema)
    for part in _PARTS:
        share_of, where = (data.get("split") or {}).get(part), join(place, part)
        remedy = [{"op": "remove", "path": where}]
        if share_of and data.get(part) is not None:
            detail = f"The {part} part is a dataset of its own; nothing is split off for it."
            findings.add(where, "bad-value", detail, fix=remedy)
        elif share_of and split["by"] == "column":
            detail = "Which rows are held out is what the column says, not a share."
            findings.add(where, "bad-value", detail, fix=remedy)
        if part in named and data.get(part) is not None:
            detail = (
                f"The column {split['column']!r} names rows of the {part} part, which is a dataset"
                " of its own."
            )
            findings.add(join(place, "column"), "bad-value", detail)


def named_parts(split: Mapping[str, Any], schema: Schema | None) -> set[str]:
    """The parts that the column of a split by column names, as far as its values are listed."""
    if split["by"] != "column" or schema is None or split["column"] not in schema.names:
        return set()
    said = {one.strip().lower() for one in schema.column(split["column"]).categories or []}
    return {part for part in _PARTS if said.intersection(WORDS[part])}


def _automatic(targets: dict[str, Target], window: Window | None) -> str:
    if window:
        return "time"
    return "stratified" if len(targets) == 1 and _classes(targets) else "random"


def _check_column(
    split: dict[str, Any],
    schema: Schema | None,
    place: str,
    findings: Findings,
    window: Window | None,
) -> None:
    """A way that goes by a column needs one that can be gone by; others take none."""
    where, name, way = join(place, "column"), split["column"], split["by"]
    if SPLITS[way].LABELS not in ("column", "words"):
        if name is not None:
            detail = f"A {way} split takes no column."
            findings.add(where, "bad-value", detail, fix=[{"op": "remove", "path": where}])
        return
    if name is None:
        if way == "time" and window:
            return  # the rows are in the order of time
        detail = f"A split by {way} needs the column to go by."
        findings.add(where, "missing-field", detail)
        return
    column = column_of(name, schema, where, findings) if schema else None
    if column is not None:
        _check_fit(column, way, where, findings)


def _check_fit(column: Column, way: str, where: str, findings: Findings) -> None:
    if not column.flat or (way == "time" and column.kind not in _TIMES) or column.missing:
        why = f"has {column.missing} missing values" if column.missing else f"is {column.kind}"
        findings.add(
            where, "bad-value", f"{column.name!r} {why}; the rows cannot be divided by it."
        )
    elif way == "column":
        _check_words(column, where, findings)


def _check_words(column: Column, where: str, findings: Findings) -> None:
    known = {word for meant in WORDS.values() for word in meant}
    strange = [one for one in column.categories or [] if one.strip().lower() not in known]
    if strange or column.categories is None:
        said = f"says {strange[0]!r}" if strange else "says too many things"
        detail = f"{column.name!r} {said}; it may say {', '.join(sorted(known))}."
        findings.add(where, "bad-value", detail)


def _classes(targets: dict[str, Target]) -> bool:
    return bool(targets) and all(target.form in OF_CLASSES for target in targets.values())


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
