"""Reading the lines of a stack: layer, name, inputs and call arguments."""

import re
from typing import Any

from engine.catalog import find
from engine.catalog.operations import PREFIX, operands

from .findings import Findings
from .inputs import input_arguments
from .line import Line, Ref, call_arguments, is_cell, snake
from .objects import Form, look_up, read_arguments, split
from .operations import check_operands, is_operation, read_constant
from .pointer import join
from .spec import Spec
from .weights import read_weights

_FIELDS = ("name", "inputs", "kwargs", "weights", "inbound_nodes")
_SHARED_FIELDS = ("shared", "class_name", "name", "inputs", "kwargs")


class Names:
    """Gives unnamed layers their names: `dense`, `dense_1`, … per document."""

    def __init__(self, layers: list[Any], pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.taken = {name for name in map(given_name, layers) if isinstance(name, str)}
        self.used: set[str] = set()
        self._next: dict[str, int] = {}

    def fresh(self, stem: str) -> str:
        """A name that no layer of the document has."""
        number = self._next.get(stem, 0)
        name = f"{stem}_{number}" if number else stem
        while name in self.taken:
            number += 1
            name = f"{stem}_{number}"
        self._next[stem] = number + 1
        self.taken.add(name)
        return name


def given_name(value: Any) -> Any:
    """The name that a layer is given, beside its class or, as Keras writes it, in its config."""
    if not isinstance(value, dict):
        return None
    config = value.get("config")
    inside = config.get("name") if isinstance(config, dict) else None
    return value.get("name", inside)


def read_line(
    value: Any, pointer: str, earlier: list[Line], names: Names, findings: Findings
) -> Line | None:
    """Read one layer of the list. None when it is not an object at all."""
    if isinstance(value, str):
        fix = [{"op": "replace", "path": pointer, "value": {"class_name": value[:100]}}]
        findings.add(pointer, "bad-type", "A layer is an object with 'class_name'.", fix=fix)
        return None
    if not isinstance(value, dict):
        findings.add(pointer, "bad-type", "A layer is an object with 'class_name'.")
        return None
    if "shared" in value:
        return _shared(value, pointer, earlier, names, findings)
    form = split(value, pointer, findings, _FIELDS)
    class_name = form.class_name if form else "layer"
    entry = find("layers", class_name)
    name = _name(value, entry.name if entry else class_name, pointer, names, findings)
    line = Line(name, None, pointer, class_name=entry.name if entry else class_name)
    if form:
        line.spec = _spec(form, line, pointer, findings)
    _read_inputs(value, line, earlier, findings)
    _read_kwargs(value, line, earlier, findings)
    check_operands(line, findings)
    if value.get("weights") is not None:
        line.weights = read_weights(value["weights"], line, findings)
    return line


def _shared(
    value: dict[str, Any], pointer: str, earlier: list[Line], names: Names, findings: Findings
) -> Line | None:
    """A layer called once more: `{"shared": name, "inputs": …}`, with the same weights."""
    place = join(pointer, "shared")
    ref = _ref(value["shared"], place, earlier, findings)
    first = next((line for line in earlier if ref and line.name == ref.layer), None)
    class_name = first.class_name if first else "layer"
    name = _name(value, class_name, pointer, names, findings)
    if first is None:
        return Line(name, None, pointer, class_name=class_name)
    if first.is_input:
        findings.add(place, "bad-value", "An Input takes data and cannot be called.")
    if first.spec and hasattr(first.spec.entry.target, "adapt"):
        detail = f"{first.shown} learns from the data that it is given; write it twice."
        findings.add(place, "bad-value", detail)
    for key in value:
        if key not in _SHARED_FIELDS:
            detail = f"{key[:100]!r} belongs to {first.name!r}, which is only called again here."
            findings.add(join(pointer, key), "unknown-argument", detail)
    if value.get("class_name", first.shown) not in (first.shown, first.class_name):
        detail = f"{first.name!r} is a {first.shown}."
        findings.add(join(pointer, "class_name"), "bad-value", detail)
    line = Line(name, first.spec, pointer, class_name=first.class_name)
    line.shared = first.shared or first.name
    _read_inputs(value, line, earlier, findings)
    _read_kwargs(value, line, earlier, findings)
    return line


def _name(
    value: dict[str, Any], class_name: str, pointer: str, names: Names, findings: Findings
) -> str:
    given = given_name(value)
    place = join(pointer, *(["name"] if "name" in value else ["config", "name"]))
    if given is None:
        plain = snake(class_name.removeprefix(PREFIX))[:64]
        stem = re.sub(r"[^a-z0-9_]", "", plain).lstrip("_") or "layer"
        return names.fresh("input" if class_name == "InputLayer" else stem)
    if not isinstance(given, str) or not names.pattern.match(given):
        detail = "A name starts with a letter or digit; letters, digits, '_', '.', '-' follow."
        findings.add(place, "bad-value", detail)
        return names.fresh("layer")
    if given in names.used:
        fresh = names.fresh(given)
        fix = [{"op": "replace", "path": place, "value": fresh}]
        detail = f"Another layer is called {given!r} already."
        findings.add(place, "duplicate-name", detail, fix=fix)
        return fresh
    names.used.add(given)
    return given


def _spec(form: Form, line: Line, pointer: str, findings: Findings) -> Spec | None:
    entry = look_up("layers", form.class_name, join(pointer, "class_name"), findings)
    if entry is None:
        return None
    if is_cell(entry):
        cell = {"class_name": entry.name, **form.arguments}
        fix = [{"op": "replace", "path": pointer, "value": {"class_name": "RNN", "cell": cell}}]
        detail = f"{entry.name} is one step of a recurrent layer; it stands as the cell of an RNN."
        findings.add(join(pointer, "class_name"), "bad-value", detail, fix=fix)
        return None
    arguments = {name: value for name, value in form.arguments.items() if name != "name"}
    if line.is_input:
        arguments = input_arguments(arguments, form.base, findings)
    return read_arguments(entry, Form(form.class_name, arguments, form.base), pointer, findings)


def _ref(value: Any, place: str, earlier: list[Line], findings: Findings) -> Ref | None:
    """The earlier layer that a name or `{"layer", "output"}` means."""
    output = 0
    if isinstance(value, dict) and set(value) <= {"layer", "output"}:
        value, output = value.get("layer"), value.get("output", 0)
        if isinstance(output, bool) or not isinstance(output, int) or output < 0:
            findings.add(join(place, "output"), "bad-value", "'output' counts from 0.")
            return None
    if not isinstance(value, str):
        findings.add(place, "bad-type", "The name of an earlier layer belongs here.")
        return None
    if not any(line.name == value for line in reversed(earlier)):
        names = [line.name for line in earlier] if len(value) < 200 else []
        detail = f"No earlier layer is called {value[:100]!r}."
        close = findings.suggest(value, names)
        fix = [{"op": "replace", "path": place, "value": close[0]}] if close else None
        findings.add(place, "unknown-input", detail, close, fix)
        return None
    return Ref(value, output)


def _read_inputs(
    value: dict[str, Any], line: Line, earlier: list[Line], findings: Findings
) -> None:
    given, place = value.get("inputs"), join(line.pointer, "inputs")
    if given is None:
        line.inputs = [] if line.is_input or not earlier else [Ref(earlier[-1].name)]
        return
    line.explicit = True
    if line.is_input:
        findings.add(place, "bad-value", "An Input takes data, not another layer.")
        return
    members = given if isinstance(given, list) else [given]
    if not members:
        findings.add(place, "bad-value", "'inputs' must name at least one earlier layer.")
    for index, member in enumerate(members):
        where = join(place, index) if isinstance(given, list) else place
        ref = _ref(member, where, earlier, findings)
        if ref:
            line.inputs.append(ref)


def _read_kwargs(
    value: dict[str, Any], line: Line, earlier: list[Line], findings: Findings
) -> None:
    given, place = value.get("kwargs"), join(line.pointer, "kwargs")
    if given is None or line.spec is None:
        return
    if not isinstance(given, dict):
        findings.add(place, "bad-type", "'kwargs' must be an object of call arguments.")
        return
    operation = is_operation(line)
    target = line.spec.entry.target
    allowed = frozenset(operands(target)[0]) if operation else call_arguments(target)[1]
    for name, member in given.items():
        where = join(place, name)
        if name not in allowed:
            detail = f"Calling {line.spec.entry.name} takes no argument {name[:100]!r}."
            findings.add(where, "unknown-argument", detail, findings.suggest(name, sorted(allowed)))
        elif member is None:
            continue
        elif operation and not (isinstance(member, dict) and "layer" in member):
            line.kwargs[name] = read_constant(line, name, member, where, findings)
        else:
            line.kwargs[name] = _call_value(member, where, earlier, findings)


def _call_value(
    value: Any, place: str, earlier: list[Line], findings: Findings, depth: int = 0
) -> Any:
    if depth > findings.nesting:
        findings.add(place, "too-large", f"Lists may be nested {findings.nesting} deep here.")
        return None
    if isinstance(value, dict):
        return _ref(value, place, earlier, findings)
    if isinstance(value, list):
        return [
            _call_value(member, join(place, index), earlier, findings, depth + 1)
            for index, member in enumerate(value)
        ]
    return value
