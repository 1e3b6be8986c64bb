"""Reading one object: an identifier such as "he_normal", or a class with its arguments."""

import re
from dataclasses import dataclass
from typing import Any

from engine.catalog import Entry, entries, find
from engine.catalog.forbidden import CONFIG_ONLY
from engine.catalog.operations import PREFIX, operations
from engine.catalog.roles import role

from .findings import Findings
from .pointer import join
from .rates import check_word
from .spec import Spec
from .values import check_operation_value, check_value

_KERAS_FIELDS = ("module", "registered_name", "build_config", "compile_config", "shared_object_id")
_OURS = re.compile(r"^(keras|builtins)(?!(\.src)?\.ops\b)(\.|$)")
_KERAS_NAME = re.compile(r"^(Keras|keras)[.>]")
_SINGULAR = {"losses": "loss", "activations": "activation", "callbacks": "callback"}


@dataclass(frozen=True)
class Form:
    """An object's class name and arguments, whichever of the two forms it was written in."""

    class_name: str
    arguments: dict[str, Any]
    base: str


def singular(kind: str) -> str:
    """The word for one member of a kind."""
    return _SINGULAR.get(kind, kind[:-1])


def split(
    value: dict[str, Any], pointer: str, findings: Findings, fields: tuple[str, ...] = ()
) -> Form | None:
    """Tell class name from arguments; `fields` are members that are no arguments."""
    class_name = value.get("class_name")
    if not isinstance(class_name, str):
        code = "missing-field" if class_name is None else "bad-type"
        findings.add(join(pointer, "class_name"), code, "'class_name' must name a class of Keras.")
        return None
    if not _native(value, pointer, findings):
        return None
    aside = {"class_name", "config", *_KERAS_FIELDS, *fields}
    beside = {name: given for name, given in value.items() if name not in aside}
    if "config" not in value:
        return Form(class_name, beside, pointer)
    config = value["config"]
    if not isinstance(config, dict):
        findings.add(join(pointer, "config"), "bad-type", "'config' must be an object.")
        return None
    if beside:
        findings.add(
            pointer,
            "mixed-forms",
            f"{', '.join(repr(name) for name in beside)} beside 'config': write all arguments "
            "under 'config' or all beside 'class_name'.",
            fix=_unmixed(beside, pointer, config),
        )
    return Form(class_name, config | beside, join(pointer, "config"))


def _unmixed(
    beside: dict[str, Any], pointer: str, config: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """Move the arguments beside `config` into it, unless both say something of the same."""
    if any(name in config for name in beside):
        return None
    return [
        {"op": "move", "from": join(pointer, name), "path": join(pointer, "config", name)}
        for name in beside
    ]


def _native(value: dict[str, Any], pointer: str, findings: Findings) -> bool:
    """Whether the object claims to be Keras's own; anything foreign is refused."""
    module, registered = value.get("module"), value.get("registered_name")
    if module is not None and not (isinstance(module, str) and _OURS.match(module)):
        detail = f"'module' is {module!r}; only Keras's own classes are allowed."
        findings.add(join(pointer, "module"), "forbidden-class", detail)
        return False
    known = (None, value.get("class_name"), "function")
    if registered not in known and not (
        isinstance(registered, str) and _KERAS_NAME.match(registered)
    ):
        detail = f"'registered_name' is {registered!r}; only Keras's own classes are allowed."
        findings.add(join(pointer, "registered_name"), "forbidden-class", detail)
        return False
    return True


def look_up(kind: str, name: str, pointer: str, findings: Findings) -> Entry | None:
    """The allowed entry of this name, or None after noting why there is none."""
    entry = find(kind, name)
    if entry is None:
        known = entries(kind) if not name.startswith(PREFIX) else operations()
        names = [n for e in known.values() if not e.forbidden for n in (e.name, *e.aliases)]
        code = "unknown-layer" if kind == "layers" else "unknown-class"
        detail = f"Keras has no {singular(kind)} called {name[:100]!r}."
        close = findings.suggest(name, names)
        fix = [{"op": "replace", "path": pointer, "value": close[0]}] if close else None
        findings.add(pointer, code, detail, close, fix)
        return None
    if entry.forbidden:
        detail = f"{entry.name} is not allowed: {entry.forbidden}."
        findings.add(pointer, "forbidden-class", detail)
        return None
    return entry


def read_object(
    kind: str, value: Any, pointer: str, findings: Findings, depth: int = 1
) -> Spec | None:
    """The object that a value describes, None when something is wrong (then noted)."""
    if depth > findings.nesting:
        findings.add(pointer, "too-large", f"Objects may be nested {findings.nesting} deep.")
        return None
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")
    if isinstance(value, str):
        entry = look_up(kind, value, pointer, findings)
        return read_arguments(entry, Form(value, {}, pointer), pointer, findings) if entry else None
    if not isinstance(value, dict):
        expected = f"The name of a {singular(kind)} or an object with 'class_name' belongs here."
        findings.add(pointer, "bad-type", expected)
        return None
    form = split(value, pointer, findings)
    if form is None:
        return None
    entry = look_up(kind, form.class_name, join(pointer, "class_name"), findings)
    return read_arguments(entry, form, pointer, findings, depth) if entry else None


def read_arguments(
    entry: Entry, form: Form, pointer: str, findings: Findings, depth: int = 1
) -> Spec | None:
    """Check arguments against the signature; None when any is wrong."""
    count = len(findings.items)
    spec = Spec(entry, pointer=pointer, base=form.base)
    for name, value in form.arguments.items():
        place = join(form.base, name)
        argument = entry.arguments.get(name)
        if argument is None and form.base != pointer and _says_nothing(name, value):
            continue
        if argument is None:
            _unknown_argument(entry, name, form, findings)
            continue
        meant = role(entry.kind, name)
        if entry.kind == "optimizers" and meant == "schedules" and isinstance(value, str):
            spec.arguments[name] = check_word(value, place, findings)
        elif meant is None or value is None or (meant == "schedules" and _is_plain(entry, value)):
            check = check_operation_value if entry.kind == "operations" else check_value
            spec.arguments[name] = check(argument, value, place, findings)
        else:
            spec.arguments[name] = _nested(meant, value, place, findings, depth)
    meant_names = {name for item in findings.items[count:] for name in item.did_you_mean[:1]}
    for name in entry.required:
        if name not in form.arguments and name not in meant_names:
            findings.add(pointer, "missing-argument", f"{entry.name} needs {name!r}.")
    return spec if len(findings.items) == count else None


def _is_plain(entry: Entry, value: Any) -> bool:
    """Whether this is a number or a list, or of callbacks an object of numbers by epoch."""
    if entry.kind == "callbacks" and isinstance(value, dict):
        return "class_name" not in value
    return not isinstance(value, dict)


def _says_nothing(name: str, value: Any) -> bool:
    """Whether this is one of the members that Keras adds to its configs without need."""
    return name in CONFIG_ONLY and not isinstance(value, dict) and value is not True


def _unknown_argument(entry: Entry, name: str, form: Form, findings: Findings) -> None:
    place = join(form.base, name)
    close = findings.suggest(name, list(entry.arguments))
    fix = None
    if close and close[0] not in form.arguments:
        fix = [{"op": "move", "from": place, "path": join(form.base, close[0])}]
    detail = f"{entry.name} has no argument {name[:100]!r}."
    findings.add(place, "unknown-argument", detail, close, fix)


def _nested(kind: str, value: Any, pointer: str, findings: Findings, depth: int) -> Any:
    if kind == "layers" and isinstance(value, list):
        return [
            read_object(kind, member, join(pointer, index), findings, depth + 1)
            for index, member in enumerate(value)
        ]
    return read_object(kind, value, pointer, findings, depth + 1)


def build_object(kind: str, spec: str | dict[str, Any], pointer: str = "") -> Any:
    """The Keras object of a canonical (or any valid) spec: `build_object("optimizers", "adam")`.

    Kinds are those of the catalogue. Raises Fault("invalid-training") with every error found.
    """
    findings = Findings()
    read_spec = read_object(kind, spec, pointer, findings)
    if read_spec is not None:
        made = create(read_spec, findings)
        if made is not None:
            return made
    findings.refuse("invalid-stack" if kind == "layers" else "invalid-training")
    raise AssertionError("an object that cannot be made has a finding")


def create(spec: Spec, findings: Findings, **overrides: Any) -> Any:
    """Make the object; what its constructor says against it becomes a finding."""
    try:
        return spec.create(**overrides)
    except Exception as error:
        pointer, text = blamed(spec, str(error))
        findings.add(pointer, "bad-value", f"{spec.entry.name}: {text}")
        return None


def blamed(spec: Spec, message: str) -> tuple[str, str]:
    """Where an error of a constructor belongs, and its text in one line."""
    text = " ".join(message.split()) or "Keras refuses these arguments."
    for name in sorted(spec.arguments, key=len, reverse=True):
        if re.search(rf"(`|\b){re.escape(name)}(`|\b)", text):
            return join(spec.base, name), text[:500]
    return spec.pointer, text[:500]
