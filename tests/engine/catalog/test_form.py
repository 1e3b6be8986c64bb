"""The JSON Schemas of the catalogue accept what the reader accepts."""

import json
from typing import Any

import keras
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from engine.catalog import entries
from engine.catalog.form import entry_form
from engine.catalog.union import layer_schemas, written
from engine.stack import build_network, read
from engine.tasks import catalog
from tests.fixtures.databases import ROOT

from ..silent import Silent
from ..stack.examples import EXAMPLES, stack_of

SCHEMAS = layer_schemas()
_WHOLE = Resource({"components": {"schemas": SCHEMAS}}, DRAFT202012)
_REGISTRY: Any = Registry().with_resource("urn:whole", _WHOLE)
_LAYER, _STACK = (
    Draft202012Validator({"$ref": f"urn:whole#/components/schemas/{name}"}, registry=_REGISTRY)
    for name in ("Layer", "Stack")
)
_KINDS = ("layers", "optimizers", "losses", "metrics", "callbacks", "initializers", "schedules")


def test_the_file_is_of_the_running_keras() -> None:
    file = ROOT / "api" / "layers.schema.json"
    assert file.read_text() == written(SCHEMAS), "python -m engine.catalog > api/layers.schema.json"


@pytest.mark.parametrize(
    "stack",
    [
        [{"class_name": "Dense", "units": 1}],
        {"layers": [{"class_name": "Dense", "config": {"units": 1}}], "outputs": ["dense"]},
        {"layers": [{"layers": [{"class_name": "ReLU"}], "repeat": 3, "name": "b"}]},
        [{"class_name": "ReLU", "name": "a"}, {"shared": "a", "inputs": ["a"]}],
        json.loads(keras.Sequential([keras.Input((4,)), keras.layers.ReLU()]).to_json()),
    ],
)
def test_all_forms_of_a_stack_are_of_its_schema(stack: Any) -> None:
    assert not read(stack)[1].items
    _STACK.validate(stack)


@pytest.mark.parametrize("stack", [{}, [], 3, [{}], {"layers": [{"shared": 3}]}, [{"layers": []}]])
def test_what_is_no_stack_is_not(stack: Any) -> None:
    assert read(stack)[1].items
    with pytest.raises(ValidationError):
        _STACK.validate(stack)


def refused(layer: dict[str, Any]) -> bool:
    """Whether the reader, or Keras behind it, refuses a layer."""
    document = [{"class_name": "Input", "shape": [6, 4]}, layer]
    _, findings = read(document)
    if findings.items:
        return True
    try:
        build_network(document)
    except Exception:
        return True
    return False


@pytest.mark.parametrize("kind", _KINDS)
def test_forms_are_schemas(kind: str) -> None:
    for entry in catalog.run({"kind": kind}, Silent())["data"]:
        if not entry["forbidden"]:
            Draft202012Validator.check_schema(entry["form"])
            assert set(entry["form"]["properties"]) >= {a["name"] for a in entry["arguments"]}


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_of_their_form(name: str) -> None:
    stack = stack_of(name, EXAMPLES[name])
    read_stack, findings = read(stack)
    assert not findings.items
    for layer in [*stack["layers"], *read_stack.to_json()["layers"]]:
        Draft202012Validator(
            entry_form(
                entries("layers")[
                    "InputLayer" if layer["class_name"] == "Input" else layer["class_name"]
                ]
            )
        ).validate(layer)
        _LAYER.validate(layer)


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name.endswith("Layer")])
def test_defaults_are_of_their_form(name: str) -> None:
    if name in ("Layer", "InputLayer"):
        return
    for argument, form in SCHEMAS[name]["properties"].items():
        if "default" in form:
            Draft202012Validator(form).validate(form["default"])
            assert argument != "class_name"


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "Dense"},
        {"class_name": "Dense", "units": 0},
        {"class_name": "Dense", "units": "3"},
        {"class_name": "Dense", "units": 3, "use_bias": 1},
        {"class_name": "Dense", "units": 3, "unit": 3},
        {"class_name": "Dense", "units": 3, "dtype": "float33"},
        {"class_name": "Dense", "units": 3, "name": "-"},
        {"class_name": "Dense", "units": 3, "inputs": []},
        {"class_name": "Dense", "units": 3, "activation": 4},
        {"class_name": "Dropout", "rate": 1.5},
        {"class_name": "LSTM", "units": 3, "stateful": True},
        {"class_name": "Conv1D", "filters": 2, "kernel_size": 2, "data_format": "first"},
        {"class_name": "Bidirectional", "layer": {"class_name": "LSTM"}},
        {"class_name": "Lambda"},
    ],
)
def test_both_refuse(layer: dict[str, Any]) -> None:
    assert refused(layer)
    with pytest.raises(ValidationError):
        _LAYER.validate(layer)
