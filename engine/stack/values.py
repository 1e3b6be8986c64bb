"""Checks of plain argument values. Keras annotates none of its arguments, so these do it."""

import math
from collections.abc import Iterator
from typing import Any

from engine.catalog import Argument
from engine.catalog.bounds import COUNTS, DTYPES, WORK
from engine.catalog.forbidden import FORBIDDEN_ARGUMENTS
from engine.catalog.operations import WORK as OPERATION_WORK

from .findings import Findings
from .pointer import join

LARGEST = 2**53
"""Integers above this are not exact in JSON."""
MOST_MEMBERS = 100_000
_NUMBERS = (
    *("rate", "stddev", "recall", "precision", "specificity", "sensitivity", "decay_rate"),
    *("initial_learning_rate", "decay_steps", "first_decay_steps"),
)
_TEXT = {"data_format", "interpolation", "fill_mode", "output_mode", "monitor", "mode"}


def check_value(argument: Argument, value: Any, pointer: str, findings: Findings) -> Any:
    """Note what is wrong with a plain value; give it back as Keras is to see it."""
    if argument.name == "dtype":
        return _dtype(value, pointer, findings)
    if argument.name == "seed":
        value = _seed(value)
    if value is None or _refused(argument, value, pointer, findings):
        return value
    count = len(findings.items)
    by_epoch = argument.name == "schedule" and isinstance(value, dict)
    for place, leaf in leaves(list(value.values()) if by_epoch else value, pointer):
        plain_leaf(place, leaf, findings)
    if len(findings.items) == count:
        _kind(argument, value, pointer, findings)
    return value


def check_operation_value(argument: Argument, value: Any, pointer: str, findings: Findings) -> Any:
    """As `check_value`, for the constructor of an operation, where names tell less."""
    if argument.name == "dtype":
        return _dtype(value, pointer, findings)
    if value is None or _refused(argument, value, pointer, findings):
        return value
    count = len(findings.items)
    most = OPERATION_WORK.get(argument.name)
    if most and isinstance(value, (str, list)) and len(value) > most:
        findings.add(pointer, "too-large", f"'{argument.name}' may have {most} members at most.")
        return value
    for place, leaf in leaves(value, pointer):
        plain_leaf(place, leaf, findings)
        if most and len(findings.items) == count and _number(leaf) and leaf > most:
            findings.add(place, "too-large", f"'{argument.name}' may be {most} at most.")
        elif type(leaf) is int and abs(leaf) >= 2**31:
            findings.add(place, "too-large", "Whole numbers of operations stay below 2^31.")
    return value


def _refused(argument: Argument, value: Any, pointer: str, findings: Findings) -> bool:
    name = argument.name
    if name in FORBIDDEN_ARGUMENTS and value is not False:
        findings.add(
            pointer, "bad-value", f"'{name}' must be left out: {FORBIDDEN_ARGUMENTS[name]}."
        )
        return True
    if name in ("vocabulary", "idf_weights") and isinstance(value, str):
        findings.add(
            pointer,
            "forbidden-class",
            f"'{name}' is a path here, and files at paths are not read; write it as a list.",
        )
        return True
    return False


def _dtype(value: Any, pointer: str, findings: Findings) -> Any:
    """A dtype by name; Keras writes policies as objects."""
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        value = value["config"].get("name")
    if value is not None and not (isinstance(value, str) and value in DTYPES):
        allowed = ", ".join(sorted(DTYPES))
        findings.add(pointer, "bad-value", f"'dtype' must be one of {allowed}.")
        return None
    return value


def _seed(value: Any) -> Any:
    """A seed; Keras writes a SeedGenerator as an object that holds it."""
    if isinstance(value, dict) and isinstance(value.get("config"), dict):
        return value["config"].get("seed")
    return value


def leaves(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    """What lists hold, each with where it stands; a list that is too long as it is."""
    if isinstance(value, list) and len(value) <= MOST_MEMBERS:
        for index, member in enumerate(value):
            yield from leaves(member, join(pointer, index))
    else:
        yield pointer, value


def plain_leaf(pointer: str, value: Any, findings: Findings) -> None:
    """Note what no plain value may be: an object, not finite, too large."""
    if isinstance(value, dict):
        findings.add(pointer, "bad-type", "An object has no meaning here; write a plain value.")
    elif isinstance(value, list):
        findings.add(pointer, "too-large", f"A list here may hold {MOST_MEMBERS} values at most.")
    elif isinstance(value, float) and not math.isfinite(value):
        findings.add(pointer, "bad-value", "NaN and infinity are not allowed here.")
    elif isinstance(value, int) and abs(value) > LARGEST:
        findings.add(pointer, "too-large", f"Whole numbers may reach {LARGEST} (2^53).")
    elif isinstance(value, str) and len(value) > 10_000:
        findings.add(pointer, "too-large", "Texts may have 10,000 characters here.")


def _kind(argument: Argument, value: Any, pointer: str, findings: Findings) -> None:
    """Compare a value with what the name and the default of its argument tell of its type."""
    name, default = argument.name, argument.default
    most = WORK.get(name)
    if most and any(_number(leaf) and leaf > most for _, leaf in leaves(value, "")):
        findings.add(pointer, "too-large", f"'{name}' may be {most} at most.")
        return
    if name in COUNTS:
        _count(name, value, pointer, findings)
        return
    wrong = _wrong(name, default, value, argument.required)
    if wrong:
        findings.add(pointer, "bad-type", f"'{name}' must be {wrong}.")


def _wrong(name: str, default: Any, value: Any, required: bool) -> str | None:
    """What the value should be and is not, None when it may be as it is."""
    if name in _NUMBERS and required:
        return None if _number(value) else "a number"
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, (int, float)) or _numbers(default):
        numbers = all(leaf is None or _number(leaf) for _, leaf in leaves(value, ""))
        return None if numbers else "a number, or a list of them where Keras takes one"
    if isinstance(default, str) or name in _TEXT:
        return None if isinstance(value, str) else "a text"
    return None


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _numbers(default: Any) -> bool:
    return isinstance(default, tuple) and all(
        _number(leaf) for _, leaf in leaves([list(_flat(default))], "")
    )


def _flat(value: Any) -> Iterator[Any]:
    for member in value:
        if isinstance(member, tuple):
            yield from _flat(member)
        else:
            yield member


def _count(name: str, value: Any, pointer: str, findings: Findings) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        findings.add(pointer, "bad-type", f"'{name}' must be a whole number.")
    elif value < 1:
        findings.add(pointer, "bad-value", f"'{name}' must be 1 or more, not {value}.")
