"""Arguments and entries as JSON Schema (draft 2020-12): the short form, as a request writes it.

The reader decides; these schemas let clients see and check the form beforehand. They accept
everything that the reader accepts in the short form, and refuse what they can.
"""

from collections.abc import Callable
from typing import Any

from .bounds import CHOICES, COUNTS, DTYPES, RANGES, SIZES, WORK
from .entry import Argument, Entry
from .forbidden import FORBIDDEN_ARGUMENTS
from .roles import role

JsonSchema = dict[str, Any]
Nested = Callable[[str, str], JsonSchema]
"""Gives the schema of a nested object, of its kind and the name of the argument."""

_WHOLE: JsonSchema = {"type": "integer"}
_NAME: JsonSchema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$"}
_REF: JsonSchema = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "required": ["layer"],
            "properties": {
                "layer": {"type": "string"},
                "output": {"type": "integer", "minimum": 0},
            },
            "additionalProperties": False,
        },
    ]
}
LINE: dict[str, JsonSchema] = {
    "name": _NAME,
    "inputs": {"anyOf": [*_REF["anyOf"], {"type": "array", "items": _REF, "minItems": 1}]},
    "kwargs": {"type": "object"},
    "weights": {
        "anyOf": [
            {
                "type": "object",
                "required": ["file"],
                "properties": {"file": {"type": "string"}},
                "additionalProperties": False,
            },
            {
                "type": "object",
                "required": ["model"],
                "properties": {"model": {"type": "string"}, "layer": {"type": "string"}},
                "additionalProperties": False,
            },
        ]
    },
}
"""What a line of a stack holds beside its class and arguments."""


def plain(kind: str, argument: str) -> JsonSchema:
    """A nested object without looking into it: a name, or an object with its class."""
    del argument
    if kind == "layers":
        return {"type": ["object", "array"]}
    inner = {
        "type": "object",
        "required": ["class_name"],
        "properties": {"class_name": {"type": "string"}},
    }
    return {"anyOf": [{"type": "string"}, inner]}


def _nullable(schema: JsonSchema) -> JsonSchema:
    """The same, or null."""
    if not schema:
        return schema
    if isinstance(schema.get("type"), str):
        enum = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [schema["type"], "null"], **enum}
    members = schema.get("anyOf", [schema])
    return {"anyOf": [*members, {"type": "null"}]}


def argument_form(argument: Argument, kind: str, nested: Nested = plain) -> JsonSchema:
    """The schema of an argument's value; with its default where it has one that is plain."""
    name, default = argument.name, argument.default
    meant = role(kind, name)
    if name in FORBIDDEN_ARGUMENTS:
        return {"enum": [None, False]}
    if meant is not None:
        found = nested(meant, name)
        if meant == "schedules":
            word = [{"const": "auto"}] if kind == "optimizers" else []
            found = {"anyOf": [{"type": "number"}, *word, *found.get("anyOf", [found])]}
        return found if argument.required else _nullable(found)
    # The names of operations' arguments tell nothing: `k` may be negative there.
    found = {} if kind == "operations" else _plain_form(name, default)
    if default is None:
        return _nullable(found)
    if isinstance(default, (bool, int, float, str)) and found:
        return {**found, "default": default}
    return found


def _plain_form(name: str, default: Any) -> JsonSchema:
    """What the name and the default tell of a plain value; empty when that is nothing."""
    found = _by_name(name)
    return _by_default(name, default) if found is None else found


def _by_name(name: str) -> JsonSchema | None:
    if name == "dtype":
        return {"type": "string", "enum": sorted(DTYPES)}
    if name == "seed":
        return _WHOLE
    if name in COUNTS:
        most = {"maximum": WORK[name]} if name in WORK else {}
        return {"type": "integer", "minimum": 1, **most}
    if name in RANGES:
        low, high = RANGES[name]
        return {"type": "number", "minimum": low, "maximum": high}
    return {"type": "string", "enum": list(CHOICES[name])} if name in CHOICES else None


def _by_default(name: str, default: Any) -> JsonSchema:
    if isinstance(default, bool):
        return {"type": "boolean"}
    if isinstance(default, str):
        return {"type": "string"}
    if name in SIZES:
        return _listed(_WHOLE)
    return _listed({"type": "number"}) if isinstance(default, (int, float, tuple)) else {}


def _listed(one: JsonSchema) -> JsonSchema:
    """One number, a list of them, or a list of such lists."""
    row = {"type": "array", "items": _nullable(one)}
    return {"anyOf": [one, {"type": "array", "items": {"anyOf": [_nullable(one), row]}}]}


def entry_form(entry: Entry, nested: Nested = plain) -> JsonSchema:
    """The schema of an object of this class in its short form."""
    names = ["Input", entry.name] if entry.name == "InputLayer" else [entry.name, *entry.aliases]
    properties: dict[str, JsonSchema] = {"class_name": {"type": "string", "enum": names}}
    for argument in entry.arguments.values():
        properties[argument.name] = argument_form(argument, entry.kind, nested)
    if entry.kind in ("layers", "operations"):
        properties |= LINE
    if entry.name == "InputLayer":
        del properties["inputs"], properties["kwargs"]
        sizes = {"type": "array", "items": {"type": ["integer", "null"], "minimum": 1}}
        properties["shape"] = {"anyOf": [sizes, {"type": "integer", "minimum": 1}]}
    return {
        "type": "object",
        "title": names[0],
        "required": ["class_name", *entry.required],
        "properties": properties,
        "additionalProperties": False,
    }
