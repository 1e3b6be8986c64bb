"""All layers as named JSON Schemas that refer to one another, for an OpenAPI document."""

import json
from typing import Any

from .entry import Entry
from .form import JsonSchema, entry_form
from .index import entries

_PLACE = "#/components/schemas/"
_OBJECTS = {
    "activations": "Activation",
    "initializers": "Initializer",
    "regularizers": "Regularizer",
    "constraints": "Constraint",
}


def _ref(name: str) -> JsonSchema:
    return {"$ref": _PLACE + name}


def component(entry: Entry) -> str:
    """The name of a layer's schema: `DenseLayer`, `InputLayer`, `LSTMCell`."""
    whole = entry.name.endswith(("Cell", "Cells")) or entry.name == "InputLayer"
    return entry.name if whole else f"{entry.name}Layer"


def _nested(kind: str, argument: str) -> JsonSchema:
    if kind in _OBJECTS:
        return _ref(_OBJECTS[kind])
    if argument == "cell":
        cells = {"type": "array", "items": _ref("Cell"), "minItems": 1}
        return {"anyOf": [_ref("Cell"), cells]}
    if argument == "cells":
        return {"type": "array", "items": _ref("Cell"), "minItems": 1}
    layers = {"type": "array", "items": _ref("Layer")}
    return layers if argument == "layers" else _ref("Layer")


def _one_of(found: dict[str, JsonSchema]) -> JsonSchema:
    mapping = {
        name: _PLACE + schema
        for schema, form in found.items()
        for name in form["properties"]["class_name"]["enum"]
    }
    return {
        "oneOf": [_ref(schema) for schema in found],
        "discriminator": {"propertyName": "class_name", "mapping": dict(sorted(mapping.items()))},
    }


def _object(kind: str) -> JsonSchema:
    """A nested object: its name, or its class with arguments."""
    names = [entry.name for entry in entries(kind).values() if not entry.forbidden]
    inner = {
        "type": "object",
        "required": ["class_name"],
        "properties": {"class_name": {"type": "string", "examples": names}},
    }
    return {"anyOf": [{"type": "string", "examples": names}, inner]}


def layer_schemas() -> dict[str, JsonSchema]:
    """Schema name to schema: every layer, the unions `Layer` and `Cell`, what they refer to."""
    allowed = [entry for entry in entries("layers").values() if not entry.forbidden]
    forms = {component(entry): entry_form(entry, _nested) for entry in allowed}
    steps = {name: form for name, form in forms.items() if name.endswith(("Cell", "Cells"))}
    layers = {name: form for name, form in forms.items() if name not in steps}
    objects = {name: _object(kind) for kind, name in _OBJECTS.items()}
    return {"Layer": _one_of(layers), "Cell": _one_of(steps), **objects, **forms}


def written(schemas: dict[str, Any]) -> str:
    """The schemas as JSON text, one schema a line, so that a change shows where it is."""
    rows = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in schemas.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"
