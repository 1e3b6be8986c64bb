"""References within nested stacks: what a name means where it is written."""

from collections import ChainMap
from typing import Any

LINKS = 10_000
"""How many connections between layers a stack may have."""

Scope = ChainMap[str, "str | list[Any]"]
"""What a name means: the flat name of a layer, or the outputs of a block."""


def sharing(line: dict[str, Any], first: dict[str, Any]) -> dict[str, Any]:
    """The line that calls the layer of another line on what `line` takes."""
    kept: dict[str, Any] = {key: line[key] for key in ("name", "inputs", "kwargs") if key in line}
    return {"shared": first.get("shared", first.get("name")), **kept}


def listed(value: Any) -> list[Any]:
    """A list of one, of what is no list."""
    return value if isinstance(value, list) else [value]


def resolve(value: Any, scope: Scope) -> Any:
    """References of a block's layer as those of the flat list; unknown names stay."""
    if isinstance(value, list):
        return [
            one
            for member in value
            for one in (
                listed(resolve(member, scope)) if not isinstance(member, list) else [member]
            )
        ]
    if isinstance(value, str):
        found = scope.get(value, value)
        return found[0] if isinstance(found, list) and len(found) == 1 else found
    if isinstance(value, dict) and isinstance(value.get("layer"), str):
        name: str = value["layer"]
        found, output = scope.get(name, name), value.get("output", 0)
        if isinstance(found, str):
            return {**value, "layer": found}
        whole = isinstance(output, int) and not isinstance(output, bool)
        return found[output] if whole and 0 <= output < len(found) else value
    return value


def resolve_call(value: Any, scope: Scope) -> Any:
    """A call argument: only objects refer to layers there."""
    if isinstance(value, list):
        return [resolve_call(member, scope) for member in value]
    if not isinstance(value, dict):
        return value
    found = resolve(value, scope)
    return {"layer": found} if isinstance(found, str) else found
