"""The short form of a stack: no argument that says only what Keras would do without it.

Keras itself is asked: an argument is left out when the object has the same config without it.
"""

import json
from dataclasses import replace
from typing import Any

from engine.catalog import find

from .keras_form import MADE_UP, UNNAMED
from .line import Line, arranged, snake
from .spec import Spec
from .stack import Stack


def shorten(stack: Stack) -> dict[str, Any]:
    """The canonical stack in as few words as possible. Shortening it again changes nothing."""
    known: dict[str, Spec] = {}
    lines: list[dict[str, Any]] = []
    above: str | None = None
    for line in stack.lines:
        spec = _shortened(line.spec, known) if line.spec else None
        inputs = line.inputs
        if len(set(inputs)) == 1 and len(inputs) > 1 and _is_itself(line):
            inputs = inputs[:1]
        lines.append(replace(line, spec=spec, inputs=inputs).to_json(above))
        above = line.name
    named = {"name": stack.name} if stack.name not in (None, UNNAMED) else {}
    return {**named, "layers": lines, "outputs": list(stack.outputs)}


def _is_itself(line: Line) -> bool:
    """Whether one input stands for all that the layer takes."""
    return bool(line.spec) and len(arranged(line, [0])) == len(line.inputs)


def _shortened(spec: Spec, known: dict[str, Spec]) -> Spec:
    """The spec with as few arguments as possible; `known` holds those that were seen before."""
    if spec.entry.kind == "activations":
        return spec
    key = json.dumps([spec.entry.kind, spec.to_json()])
    if key not in known:
        inner = {name: _inner(value, known) for name, value in spec.arguments.items()}
        known[key] = replace(spec, arguments=_fewest(replace(spec, arguments=inner)))
    return replace(known[key], pointer=spec.pointer, base=spec.base)


def _inner(value: Any, known: dict[str, Spec]) -> Any:
    if isinstance(value, list):
        return [_inner(member, known) for member in value]
    if not isinstance(value, Spec):
        return value
    short = _shortened(value, known)
    entry, name = short.entry, snake(short.entry.name)
    if short.arguments or entry.kind in ("layers", "activations"):
        return short
    return name if find(entry.kind, name) is entry else entry.name


def _fewest(spec: Spec) -> dict[str, Any]:
    """The arguments that make an object of the same config."""
    wanted = _config(spec, spec.arguments)
    if wanted is None:
        return spec.arguments
    # A seed of null asks for a made-up one, as no seed does.
    kept = {n: v for n, v in spec.arguments.items() if v is not None or n not in MADE_UP}
    optional = [
        name for name in kept if name not in MADE_UP and not spec.entry.arguments[name].required
    ]
    bare = _config(spec, _without(kept, optional)) or {}
    trial = _without(kept, [n for n in optional if n in bare and bare[n] == wanted.get(n)])
    if _config(spec, trial) == wanted:
        kept = trial
    for name in [name for name in optional if name in kept]:
        trial = _without(kept, [name])
        if _config(spec, trial) == wanted:
            kept = trial
    return _in_numbers(spec, kept, wanted)


def _without(arguments: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if name not in names}


def _in_numbers(spec: Spec, arguments: dict[str, Any], wanted: Any) -> dict[str, Any]:
    """Write `3` for `[3, 3]` where Keras makes the same of both."""
    for name, value in list(arguments.items()):
        one = _one(value)
        if one is not None and _config(spec, {**arguments, name: one}) == wanted:
            arguments[name] = one
    return arguments


def _one(value: Any) -> int | None:
    """The whole number of which alone a list is made."""
    while isinstance(value, list) and value and all(member == value[0] for member in value):
        value = value[0]
        if type(value) is int:
            return value
    return None


def _config(spec: Spec, arguments: dict[str, Any]) -> dict[str, Any] | None:
    """What Keras says of the object with these arguments; None when it refuses them."""
    try:
        made = replace(spec, arguments=arguments).create()
        found: dict[str, Any] = json.loads(json.dumps(_settled(made.get_config()), default=str))
    except Exception:
        return None
    return found


def _settled(value: Any) -> Any:
    """A config without what Keras makes up: names and seeds of what was given none."""
    if isinstance(value, (list, tuple)):
        return [_settled(member) for member in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    return {name: _settled(member) for name, member in value.items() if name not in MADE_UP}
