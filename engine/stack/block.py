"""A stack inside a stack as sent: its fields, how often it repeats, what it gives."""

import re
from typing import Any

from engine.catalog import suggestions

from .findings import Findings
from .pointer import join
from .references import Scope, listed

_FIELDS = ("layers", "name", "repeat", "inputs", "outputs")


def is_block(value: Any) -> bool:
    """Whether a member of a list of layers is itself a stack."""
    return isinstance(value, dict) and "layers" in value and "class_name" not in value


def repetitions(
    value: dict[str, Any], pointer: str, pattern: re.Pattern[str], findings: Findings
) -> int:
    """How often a block repeats; 0 after noting that it cannot be laid out."""
    for key in value:
        if key not in _FIELDS:
            unknown(key, pointer, list(_FIELDS), findings)
    name = value.get("name")
    if name is not None and not (isinstance(name, str) and pattern.match(name)):
        detail = "A name starts with a letter or digit; letters, digits, '_', '.', '-' follow."
        findings.add(join(pointer, "name"), "bad-value", detail)
        return 0
    layers, repeat = value["layers"], value.get("repeat", 1)
    if not isinstance(layers, list) or not layers:
        detail = "'layers' must be a list of one layer or more."
        findings.add(join(pointer, "layers"), "bad-type", detail)
        return 0
    if isinstance(repeat, bool) or not isinstance(repeat, int) or repeat < 1:
        detail = "'repeat' must be a whole number of 1 or more."
        findings.add(join(pointer, "repeat"), "bad-value", detail)
        return 0
    return repeat


def unknown(key: str, pointer: str, known: list[str], findings: Findings) -> None:
    """Note a field that a block does not have."""
    detail = f"A block has no field {key[:100]!r}."
    findings.add(join(pointer, key), "unknown-field", detail, suggestions(key, known))


def outputs(
    value: dict[str, Any],
    pointer: str,
    scope: Scope,
    last: list[Any],
    most: int,
    findings: Findings,
) -> list[Any]:
    """What a block gives: the outputs that it names, else those of its last layer."""
    given = value.get("outputs")
    if given is None:
        return last
    names = given if isinstance(given, list) else [given]
    found: list[Any] = []
    for name in names:
        if not isinstance(name, str) or name not in scope.maps[0]:
            detail = f"No layer of the block is called {str(name)[:100]!r}."
            findings.add(join(pointer, "outputs"), "unknown-output", detail)
        elif len(found) < most:
            found += listed(scope[name])
    return found
