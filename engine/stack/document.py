"""Reading a whole stack: a list of layers, or an object that holds one."""

import re
from dataclasses import dataclass
from typing import Any

from engine.catalog import suggestions

from .findings import Findings
from .inputs import input_spec
from .keras_json import import_model, is_keras_model
from .layers import Names, read_line
from .line import Line, Ref
from .nesting import expand
from .outputs import read_outputs
from .pointer import join
from .references import LINKS
from .spec import Spec
from .stack import Stack

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$")
_FIELDS = ("layers", "outputs", "name")


@dataclass(frozen=True)
class Limits:
    """How large a stack may be: layers in all, nested ones included; how deep they nest."""

    layers: int = 2000
    nesting: int = 8


def read(
    document: Any, pointer: str = "/stack", limits: Limits | None = None
) -> tuple[Stack, Findings]:
    """Read a stack as sent. The stack holds what could be read, the findings all the rest."""
    limits = limits or Limits()
    findings = Findings(limits.nesting, limits.layers)
    stack = Stack(pointer=pointer)
    layers = _layers(document, stack, findings)
    if layers is None:
        return stack, findings
    if not layers:
        findings.add(stack.layers_pointer, "empty-stack", "The stack has no layer.")
        return stack, findings
    most = limits.layers
    if len(layers) > most:
        detail = f"A stack may have {most} layers."
        findings.add(stack.layers_pointer, "too-large", detail)
        return stack, findings
    names = Names([value for value, _ in layers], NAME)
    flat, scope = expand(layers, names, most, findings)
    if sum(map(_links, flat)) > LINKS:
        detail = f"The layers of a stack may have {LINKS} inputs together."
        findings.add(stack.layers_pointer, "too-large", detail)
        return stack, findings
    _read_lines(flat, stack, names, findings)
    if count_layers(stack) > most:
        detail = f"A stack may have {most} layers, nested ones included."
        findings.add(stack.layers_pointer, "too-large", detail)
    own = isinstance(document, dict) and not is_keras_model(document)
    given = document.get("outputs") if own else stack.outputs or None
    read_outputs(given, stack, scope, findings)
    return stack, findings


def _links(member: tuple[Any, str]) -> int:
    inputs = member[0].get("inputs") if isinstance(member[0], dict) else None
    return len(inputs) if isinstance(inputs, list) else 1


def _read_lines(
    layers: list[tuple[Any, str]], stack: Stack, names: Names, findings: Findings
) -> None:
    for value, place in layers:
        line = read_line(value, place, stack.lines, names, findings)
        if line is None:
            continue
        if not stack.lines and not line.is_input:
            _make_input(stack, line, names)
        stack.lines.append(line)


def _layers(document: Any, stack: Stack, findings: Findings) -> list[tuple[Any, str]] | None:
    """The layers of any of the accepted forms, each with where it stands."""
    stack.layers_pointer = stack.pointer
    if is_keras_model(document):
        return _of_keras(document, stack, findings)
    layers = document
    if isinstance(document, dict):
        _check_fields(document, stack, findings)
        stack.layers_pointer = join(stack.pointer, "layers")
        layers = document.get("layers")
        if not isinstance(layers, list):
            code = "missing-field" if "layers" not in document else "bad-type"
            findings.add(stack.layers_pointer, code, "'layers' must be a list of layers.")
            return None
    if not isinstance(layers, list):
        detail = "A stack is a list of layers or an object with 'layers'."
        findings.add(stack.pointer, "bad-type", detail)
        return None
    kept = layers[: findings.layers + 1]
    return [(value, join(stack.layers_pointer, index)) for index, value in enumerate(kept)]


def _of_keras(
    document: dict[str, Any], stack: Stack, findings: Findings
) -> list[tuple[Any, str]] | None:
    imported = import_model(document, stack.pointer, findings)
    if imported is None:
        return None
    stack.layers_pointer = join(stack.pointer, "config", "layers")
    stack.outputs = imported.outputs or []
    if isinstance(imported.name, str) and NAME.match(imported.name):
        stack.name = imported.name
    return imported.layers


def _check_fields(document: dict[str, Any], stack: Stack, findings: Findings) -> None:
    for name in document:
        if name not in _FIELDS:
            detail = f"A stack has no field {name[:100]!r}."
            close = suggestions(name, list(_FIELDS))
            findings.add(join(stack.pointer, name), "unknown-field", detail, close)
    given = document.get("name")
    if given is not None and not (isinstance(given, str) and NAME.match(given)):
        detail = "A name starts with a letter or digit; letters, digits, '_', '.', '-' follow."
        findings.add(join(stack.pointer, "name"), "bad-value", detail)
    else:
        stack.name = given


def _make_input(stack: Stack, first: Line, names: Names) -> None:
    """Put an Input, to be shaped by the data, before a stack that starts without one."""
    name = names.fresh("input")
    stack.lines.append(
        Line(name, input_spec({}), stack.layers_pointer, made=True, class_name="InputLayer")
    )
    if not first.explicit:
        first.inputs = [Ref(name)]


def count_layers(stack: Stack) -> int:
    """All layers of a stack, those inside wrappers included."""
    return sum(_count(line.spec) for line in stack.lines if line.spec)


def _count(value: Any) -> int:
    if isinstance(value, Spec):
        own = 1 if value.entry.kind == "layers" else 0
        return own + sum(_count(argument) for argument in value.arguments.values())
    return sum(_count(member) for member in value) if isinstance(value, list) else 0
