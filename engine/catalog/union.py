"""All layers as named JSON Schemas that refer to one another, for an OpenAPI document."""

import json
from typing import Any

from .bounds import DTYPES
from .entry import Entry
from .form import LINE, JsonSchema, entry_form
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
    for form in forms.values():
        _refer(form["properties"])
    unions = {"Layer": _one_of(layers), "Cell": _one_of(steps)}
    return {**_stack_schemas(), **unions, **_COMMON, **objects, **forms}


_COMMON: dict[str, JsonSchema] = {
    "LayerName": LINE["name"],
    "LayerInputs": LINE["inputs"],
    "LayerDtype": {"type": ["string", "null"], "enum": [*sorted(DTYPES), None]},
}
_COMMON_NAMES = {"name": "LayerName", "inputs": "LayerInputs", "dtype": "LayerDtype"}


def _refer(properties: dict[str, JsonSchema]) -> None:
    """Name what stands in every layer once."""
    for name, schema in _COMMON_NAMES.items():
        if properties.get(name) == _COMMON[schema]:
            properties[name] = _ref(schema)


def _stack_schemas() -> dict[str, JsonSchema]:
    """The forms that a stack may have, and those of its members."""
    members = {"type": "array", "items": _ref("StackMember"), "minItems": 1}
    outputs = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    line = {"name": _ref("LayerName"), "inputs": _ref("LayerInputs")}
    config = {"class_name": {"type": "string"}, "config": {"type": "object"}}
    stack = {"layers": members, "outputs": outputs, "name": _ref("LayerName")}
    repeat = {"type": "integer", "minimum": 1, "default": 1}
    called = {"shared": {"type": "string"}, "class_name": {"type": "string"}}
    operation = {"type": "string", "pattern": "^ops[.][A-Z][A-Za-z0-9]*$"}
    models = {"type": "string", "enum": ["Sequential", "Functional", "Model"]}
    return {
        "Stack": _any_of("Layers as data.", "LayerStack", "KerasModel", members),
        "LayerStack": _closed("Layers in order.", stack, ["layers"]),
        "StackMember": _any_of(
            "A layer, an operation, a stack within the stack, or a layer called again.",
            *("Layer", "KerasLayer", "OperationCall", "Block", "SharedLayerCall"),
        ),
        "Block": _closed(
            "A stack within a stack; repeated, each is fed by the one before.",
            {**stack, **line, "repeat": repeat},
            ["layers"],
        ),
        "SharedLayerCall": _closed(
            "An earlier layer or block called once more, with the same weights.",
            {**called, **line, "kwargs": {"type": "object"}},
            ["shared"],
        ),
        "OperationCall": {
            **_closed(
                "An operation of keras.ops, such as `ops.Mean`, with its arguments.",
                {"class_name": operation, **line, "kwargs": {"type": "object"}},
                ["class_name"],
            ),
            "additionalProperties": True,
        },
        "KerasLayer": {
            **_closed("A layer as Keras writes it.", config, ["class_name", "config"]),
            "additionalProperties": True,
        },
        "KerasModel": {
            **_closed(
                "A model as its to_json() writes it.",
                {**config, "class_name": models},
                ["class_name", "config"],
            ),
            "additionalProperties": True,
        },
    }


def _closed(description: str, properties: dict[str, JsonSchema], required: list[str]) -> JsonSchema:
    return {
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


def _any_of(description: str, *members: str | JsonSchema) -> JsonSchema:
    found = [_ref(member) if isinstance(member, str) else member for member in members]
    return {"description": description, "anyOf": found}


def written(schemas: dict[str, Any]) -> str:
    """The schemas as JSON text, one schema a line, so that a change shows where it is."""
    rows = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in schemas.items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"
