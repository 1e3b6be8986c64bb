"""From columns to Inputs: the encodings, and the shapes that they give."""

from dataclasses import dataclass, field
from math import prod
from typing import Any

from engine.catalog import suggestions
from engine.dataset.schema import Column, Schema
from engine.dataset.windows import Window
from engine.encodings import ENCODINGS, automatic, left_out
from engine.encodings._base import Encoding
from engine.stack import Findings, Stack
from engine.stack.line import Line
from engine.stack.pointer import join

from .columns import Choice, Feed, choose
from .described import read_described

Shape = tuple[int | None, ...]


@dataclass
class Features:
    """What feeds each Input: canonical `data.inputs`, shapes of one row with dtype, left-outs."""

    inputs: dict[str, dict[str, Any]] = field(default_factory=dict)
    shapes: dict[str, tuple[Shape, str]] = field(default_factory=dict)
    left_out: list[dict[str, str]] = field(default_factory=list)


@dataclass
class _Encoded:
    column: Column
    encoding: Encoding
    shape: Shape
    dtype: str


def bind_features(
    stack: Stack,
    schema: Schema,
    data: dict[str, Any],
    pointer: str,
    reserved: set[str],
    findings: Findings,
    stack_findings: Findings,
    window: Window | None = None,
) -> Features:
    """Choose columns and encodings for every Input of the stack and give the Inputs their shapes.

    `reserved` are the columns of targets and weights. Inputs without a shape get it from the
    data, in the stack itself; those with one are compared. With a `window` a row of an Input is
    that many rows of its columns.
    """
    choice = choose(stack, schema, data, pointer, reserved, findings)
    features = Features(left_out=choice.left_out)
    for line in stack.inputs:
        feed = choice.feeds.get(line.name)
        if feed is None or line.spec is None:
            continue
        consumers = stack.consumers(line.name)
        consumer = consumers[0] if consumers else None
        encoded = _encode(line, feed, consumer, choice, findings)
        if not encoded:
            if not findings.items:
                _nothing_left(line, choice, feed, findings)
            continue
        features.inputs[line.name] = {
            "columns": [one.column.name for one in encoded],
            "encoding": [one.encoding.to_json() for one in encoded],
        }
        joined = _joined(encoded, feed, findings)
        joined = _windowed(joined, window, feed, findings) if joined and window else joined
        if joined is not None:
            features.shapes[line.name] = joined
            _fit_input(line, encoded, joined, stack_findings)
            _fit_vocabulary(consumers, encoded, stack_findings)
    return features


def _nothing_left(line: Line, choice: Choice, feed: Feed, findings: Findings) -> None:
    reasons = "; ".join(f"{one['column']}: {one['reason']}" for one in choice.left_out[:5])
    detail = f"No usable column is left for the Input {line.name!r}. {reasons}".strip()
    findings.add(feed.pointer, "no-features", detail)


def _encode(
    line: Line, feed: Feed, consumer: Line | None, choice: Choice, findings: Findings
) -> list[_Encoded]:
    """Every column of a feed with its encoding; a column that cannot be used is noted."""
    wishes = _wishes(feed, findings)
    shape = line.spec.arguments.get("shape") if line.spec else None
    stated = tuple(shape) if shape else ()
    found = []
    for column, (wish, where) in zip(feed.columns, wishes, strict=False):
        if wish == "auto":
            encoding = automatic(column, consumer.class_name if consumer else None)
            if encoding is None:
                reason = left_out(column) or "It cannot be used as a feature."
                choice.left_out.append({"column": column.name, "reason": reason})
                continue
        else:
            encoding = read_described(wish, ENCODINGS, where, findings)
        if encoding is not None and len(feed.columns) == 1:
            encoding.adopt(stated)
        one = _checked(encoding, column, where, findings)
        if one is not None:
            one.encoding.adopt(one.shape)  # so that the canonical encoding states its sizes
            found.append(one)
    return found


def _wishes(feed: Feed, findings: Findings) -> list[tuple[Any, str]]:
    """The encoding asked for each column, and where that was written.

    One encoding is for all columns, a list has one for each, an object without `class_name` one
    by column name and `auto` for columns that it leaves out.
    """
    given, place = feed.encoding, join(feed.pointer, "encoding")
    names = [column.name for column in feed.columns]
    if isinstance(given, list):
        if len(given) != len(names):
            detail = f"There are {len(names)} columns and {len(given)} encodings."
            findings.add(place, "bad-encoding", detail)
            return []
        return [(wish, join(place, index)) for index, wish in enumerate(given)]
    if isinstance(given, dict) and "class_name" not in given:
        if not given:
            findings.add(place, "bad-encoding", "An encoding by column names a column.")
        for name in given:
            if name not in names:
                close = suggestions(name, names)
                detail = f"{name[:100]!r} is none of the columns of this Input."
                findings.add(join(place, name), "unknown-column", detail, close)
        return [(given.get(name, "auto"), join(place, name)) for name in names]
    return [(given, place if given != "auto" else feed.pointer)] * len(names)


def _checked(
    encoding: Encoding | None, column: Column, pointer: str, findings: Findings
) -> _Encoded | None:
    if encoding is None:
        return None
    complaint = encoding.complaint(column)
    if complaint:
        findings.add(pointer, "bad-encoding", complaint)
        return None
    shape, dtype = encoding.output(column)
    return _Encoded(column, encoding, tuple(shape), dtype)


def _joined(encoded: list[_Encoded], feed: Feed, findings: Findings) -> tuple[Shape, str] | None:
    """The shape and dtype of the Input: columns are put side by side along the last axis."""
    first = encoded[0]
    if len(encoded) == 1:
        return first.shape, first.dtype
    shapes = [one.shape for one in encoded]
    if any(len(shape) != 1 or None in shape for shape in shapes):
        shown = ", ".join(f"{one.column.name} {list(one.shape)}" for one in encoded)
        detail = f"These columns do not go into one tensor: {shown}. Give each its own Input."
        findings.add(feed.pointer, "bad-encoding", detail)
        return None
    whole = all(one.dtype.startswith(("int", "uint")) for one in encoded)
    dtype = first.dtype if whole else "float32"
    return (sum(shape[0] or 0 for shape in shapes),), dtype


def _windowed(
    joined: tuple[Shape, str], window: Window, feed: Feed, findings: Findings
) -> tuple[Shape, str] | None:
    """The shape of a window over rows of this shape."""
    shape, dtype = joined
    if len(shape) == 1:
        return (window.length, *shape), dtype
    names = ", ".join(column.name for column in feed.columns[:5])
    detail = f"A window is over single values; {names} gives {list(shape)} for each row."
    findings.add(feed.pointer, "bad-encoding", detail)
    return None


def _fit_input(
    line: Line, encoded: list[_Encoded], joined: tuple[Shape, str], findings: Findings
) -> None:
    """Give the Input its shape, or compare the one it states."""
    if line.spec is None:
        return
    shape, dtype = joined
    line.spec.arguments.setdefault("dtype", dtype)
    stated = line.spec.arguments.setdefault("shape", list(shape))
    fits = len(stated) == len(shape) and all(
        one is None or other is None or one == other
        for one, other in zip(stated, shape, strict=True)
    )
    if fits:
        return
    place = join(line.spec.base, "shape")
    names = ", ".join(one.column.name for one in encoded[:5])
    more = f" and {len(encoded) - 5} more" if len(encoded) > 5 else ""
    detail = (
        f"The Input {line.name!r} states the shape {stated} for one row, but the data "
        f"({names}{more}) give {list(shape)}."
    )
    fix = [{"op": "replace", "path": place, "value": list(shape)}]
    same = None not in shape and None not in stated and prod(stated) == prod(shape)  # type: ignore[arg-type]
    hint = " Put a Reshape after it to get the other shape." if same else ""
    findings.add(place, "shape-mismatch", detail + hint, fix=fix)


def _fit_vocabulary(consumers: list[Line], encoded: list[_Encoded], findings: Findings) -> None:
    """An Embedding must have a row for every number that the encoding can give."""
    sizes = [one.encoding.vocabulary_size(one.column) for one in encoded]
    needed = max((size for size in sizes if size is not None), default=0)
    for line in consumers:
        if line.class_name != "Embedding" or line.spec is None:
            continue
        rows = line.spec.arguments.get("input_dim")
        if isinstance(rows, int) and rows < needed:
            place = join(line.spec.base, "input_dim")
            detail = (
                f"{line.name!r} has {rows} rows, but the column gives numbers up to {needed - 1}; "
                f"'input_dim' must be {needed} at least."
            )
            fix = [{"op": "replace", "path": place, "value": needed}]
            findings.add(place, "bad-value", detail, fix=fix)
