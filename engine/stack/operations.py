"""Lines that are operations of `keras.ops`: their operands, constants and results.

`inputs` fill the operands in order; operands that are constants, or that come out of order,
stand in `kwargs`: `{"class_name": "ops.Power", "inputs": "x", "kwargs": {"x2": 2}}`. A constant
is a plain value, or `{"value": [...], "dtype": "float32"}` for a tensor; the `key` of
`ops.GetItem` is written as between Python's brackets: `":, 0, 1:3"`.
"""

import re
from math import prod
from typing import Any

import keras
import numpy as np

from engine.catalog.bounds import DTYPES
from engine.catalog.entry import REQUIRED
from engine.catalog.operations import LISTS, PREFIX, operands

from .findings import Findings
from .line import Line, Ref
from .pointer import join
from .stack import Stack
from .values import leaves, plain_leaf

GETITEM = PREFIX + "GetItem"
_FIXED = 2**24
"""How many values a result without a batch axis may have: no plan counts them by row."""
_INDEX = re.compile(r"^\s*(-?\d{1,9})?\s*$")


def is_operation(line: Line) -> bool:
    """Whether the line is an operation and no layer."""
    return line.spec is not None and line.spec.entry.kind == "operations"


def read_constant(line: Line, name: str, value: Any, place: str, findings: Findings) -> Any:
    """An operand that is no output of a layer, checked."""
    if line.class_name == GETITEM and name == "key":
        if not isinstance(value, (str, int)) or _key(value) is None:
            detail = "'key' is an index as Python writes it, such as ':, 0, 1:3'."
            findings.add(place, "bad-value", detail)
        return value
    plain = value
    if isinstance(value, dict):
        plain = value.get("value")
        dtype = value.get("dtype")
        known = isinstance(dtype, str) and dtype in DTYPES - {"string"} and "mixed" not in dtype
        if set(value) != {"value", "dtype"} or not known or not isinstance(plain, list):
            detail = "A tensor is written as {'value': [...], 'dtype': 'float32'}."
            findings.add(place, "bad-value", detail)
            return None
    count = len(findings.items)
    for where, leaf in leaves(plain, place):
        plain_leaf(where, leaf, findings)
    if len(findings.items) == count and _constant(value) is None and value is not None:
        findings.add(place, "bad-value", "The lists of a tensor must be of one length.")
    return value


def check_operands(line: Line, findings: Findings) -> None:
    """Note when a line gives its operation too few operands or too many."""
    if line.spec is None or not is_operation(line):
        return
    named, more = operands(line.spec.entry.target)
    free = [name for name in named if name not in line.kwargs]
    filled = 1 if line.class_name.removeprefix(PREFIX) in LISTS else len(line.inputs)
    missing = [name for name in free[filled:] if named[name] is REQUIRED]
    if missing:
        names = ", ".join(repr(name) for name in missing)
        detail = f"{line.class_name} lacks {names}: name a layer in 'inputs' or a value in 'kwargs'"
        findings.add(line.pointer, "missing-argument", f"{detail}.")
    elif filled > len(free) and not more:
        detail = f"{line.class_name} takes {len(free)} input(s) here, not {filled}."
        findings.add(join(line.pointer, "inputs"), "bad-value", detail)


def operand_list(line: Line, tensors: list[Any], given: dict[str, Any]) -> list[Any]:
    """The operands in the order of the call: `given` by name, the others from `tensors`."""
    if line.spec is None:
        raise ValueError("an operation that could not be read has no operands")
    waiting = list(tensors)
    if line.class_name.removeprefix(PREFIX) in LISTS:
        waiting = [tensors]
    found: list[Any] = []
    for name, default in operands(line.spec.entry.target)[0].items():
        if name in given:
            found.append(given[name])
        else:
            found.append(waiting.pop(0) if waiting else default)
    return found + waiting


def constants(line: Line, given: dict[str, Any]) -> dict[str, Any]:
    """The operands of `kwargs` as Keras takes them; `given` holds the tensors among them."""
    return {
        name: given[name] if isinstance(value, Ref) else _operand(name, value, line)
        for name, value in line.kwargs.items()
    }


def check_results(line: Line, results: list[Any], findings: Findings) -> bool:
    """Whether the results are tensors of rows, or of few values; noted when not."""
    if not all(isinstance(result, keras.KerasTensor) for result in results):
        detail = f"{line.class_name} gives no tensor here."
        findings.add(line.pointer, "bad-value", detail)
        return False
    for result in results:
        shape = tuple(result.shape)
        if shape and shape[0] is not None and prod(size or 1 for size in shape) > _FIXED:
            detail = f"{line.class_name} would give {list(shape)} for every batch."
            findings.add(line.pointer, "too-large", detail)
            return False
    return True


def check_rows(stack: Stack, tensors: dict[str, list[Any]], findings: Findings) -> None:
    """Note outputs that do not give something for each row, as `ops.Mean` over all axes."""
    for name in stack.outputs:
        found = tensors.get(name)
        shape = tuple(found[0].shape) if found else (None,)
        if not shape or shape[0] is not None:
            detail = f"{name!r} gives {list(shape)} for a whole batch; outputs need a row each."
            findings.add(stack.line(name).pointer, "shape-mismatch", detail)


def _operand(name: str, value: Any, line: Line) -> Any:
    if line.class_name == GETITEM and name == "key":
        return _key(value)
    return _constant(value)


def _constant(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    try:
        # bfloat16 is no dtype of NumPy's own; Keras takes the numbers as it finds them.
        dtype = "float32" if value["dtype"] == "bfloat16" else value["dtype"]
        return np.array(value["value"], dtype=dtype)
    except (ValueError, TypeError, OverflowError):
        return None


def _key(text: str | int) -> Any:
    """The index that a text means, None when it is none."""
    if isinstance(text, bool) or (isinstance(text, str) and len(text) > 200):
        return None
    if isinstance(text, int):
        return text if abs(text) < 10**9 else None
    parts = [_part(part.strip()) for part in text.split(",")]
    if any(part == () for part in parts):
        return None
    return parts[0] if len(parts) == 1 and isinstance(parts[0], int) else tuple(parts)


def _part(text: str) -> Any:
    if text in ("...", "None"):
        return ... if text == "..." else None
    sizes = [_INDEX.match(piece) for piece in text.split(":")]
    if not all(sizes) or len(sizes) > 3:
        return ()
    numbers = [int(size[1]) if size and size[1] else None for size in sizes]
    if len(numbers) == 1:
        return () if numbers[0] is None else numbers[0]
    return slice(*numbers)


def key_text(key: Any) -> str | None:
    """The text of an index that Keras wrote as JSON, None when it holds more than an index."""
    parts = [_part_text(part) for part in (key if isinstance(key, list) else [key])]
    return ", ".join(part for part in parts if part is not None) if all(parts) else None


def _part_text(part: Any) -> str | None:
    if part is None or (isinstance(part, int) and not isinstance(part, bool)):
        return str(part)
    if not isinstance(part, dict) or not isinstance(part.get("config"), dict):
        return None
    if part.get("class_name") == "__ellipsis__":
        return "..."
    if part.get("class_name") != "__slice__":
        return None
    start, stop, step = (part["config"].get(name) for name in ("start", "stop", "step"))
    ends = ["" if end is None else str(end) for end in (start, stop, step)]
    return ":".join(ends if ends[2] else ends[:2])


def key_parts(text: str | int) -> Any:
    """The index as Keras writes it in JSON; the reverse of `key_text`."""
    key = _key(text)
    parts = [_part_json(part) for part in (key if isinstance(key, tuple) else [key])]
    return parts if isinstance(key, tuple) else parts[0]


def _part_json(part: Any) -> Any:
    if part is ...:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(part, slice):
        ends = {"start": part.start, "stop": part.stop, "step": part.step}
        return {"class_name": "__slice__", "config": ends}
    return part
