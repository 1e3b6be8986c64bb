"""Every layer class of the running Keras is read, checked without memory, and built for real."""

import json
from typing import Any

import keras
import pytest

from engine.catalog import Entry, entries
from engine.plan import clean_session, describe, rehearsal
from engine.stack import assemble, build_network, read
from engine.stack.line import is_cell

from .examples import EXAMPLES, stack_of

USABLE = [
    entry
    for entry in entries("layers").values()
    if not entry.forbidden and not is_cell(entry) and entry.name != "InputLayer"
]

KERAS_CANNOT_READ = ("RandomShear",)
"""Classes whose own `get_config` Keras itself refuses."""


def planned(stack: dict[str, Any]) -> dict[str, Any]:
    with clean_session():
        read_stack, findings = read(stack)
        with rehearsal():
            network = assemble(read_stack, findings)
        assert [item.to_json() for item in findings.items] == []
        return describe(read_stack, network)[-1]


def test_there_are_layers() -> None:
    assert len(USABLE) > 120


@pytest.mark.parametrize("entry", USABLE, ids=lambda entry: entry.name)
def test_check_agrees_with_the_real_network(entry: Entry) -> None:
    assert entry.name in EXAMPLES, "write an example of this layer"
    stack = stack_of(entry.name, EXAMPLES[entry.name])
    line = planned(stack)
    layer = build_network(stack).get_layer("it")
    outputs = keras.tree.flatten(layer.output)
    shapes = [list(output.shape) for output in outputs]
    assert line["output_shape"] == (shapes[0] if len(shapes) == 1 else shapes)
    assert line["parameters"] == {
        "trainable": sum(weight.value.numpy().size for weight in layer.trainable_weights),
        "frozen": sum(weight.value.numpy().size for weight in layer.non_trainable_weights),
    }


@pytest.mark.parametrize("entry", USABLE, ids=lambda entry: entry.name)
def test_canonical_and_keras_forms_are_read_back(entry: Entry) -> None:
    stack = stack_of(entry.name, EXAMPLES[entry.name])
    read_stack, findings = read(stack)
    assert findings.items == []
    canonical = read_stack.to_json()
    again, findings = read(canonical)
    assert findings.items == []
    assert again.to_json() == canonical
    layer = build_network(canonical).get_layer("it")
    if entry.name in KERAS_CANNOT_READ:
        with pytest.raises(TypeError, match="factor"):
            type(layer).from_config(layer.get_config())
        return
    keras_form = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))
    stack["layers"][-1] = {**keras_form, "inputs": stack["layers"][-1]["inputs"]}
    from_keras, findings = read(stack)
    assert [item.to_json() for item in findings.items] == []
    rebuilt = build_network(from_keras.to_json()).get_layer("it")
    assert json.dumps(rebuilt.get_config()) == json.dumps(layer.get_config())


@pytest.mark.parametrize("name", [name for entry in USABLE for name in entry.aliases])
def test_aliases_are_known(name: str) -> None:
    canonical = next(entry.name for entry in USABLE if name in entry.aliases)
    read_stack, findings = read(stack_of(name, EXAMPLES[canonical]))
    assert findings.items == []
    assert read_stack.lines[-1].to_json(None)["class_name"] == canonical


def test_equalization_is_refused_because_keras_cannot_connect_it() -> None:
    given = keras.Input((8, 8, 3))
    assert keras.layers.Equalization()(given) is given
