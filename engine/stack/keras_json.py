"""Keras's own `model.to_json()` as a stack, read by us and never by Keras's deserializer."""

from typing import TYPE_CHECKING, Any

from .findings import Findings
from .pointer import join

if TYPE_CHECKING:
    from .document import Stack

_MODELS = ("Sequential", "Functional", "Model")


def is_keras_model(document: Any) -> bool:
    """Whether a document is what `to_json` writes of a model."""
    return isinstance(document, dict) and document.get("class_name") in _MODELS


def lines_of(document: dict[str, Any], stack: "Stack", findings: Findings) -> list[Any] | None:
    """The layers of a Sequential model in our form; pointers go to where they stand in it."""
    config = document.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list):
        place = join(stack.pointer, "config")
        findings.add(place, "missing-field", "'config' must hold the list 'layers'.")
        return None
    stack.layers_pointer = join(stack.pointer, "config", "layers")
    layers: list[Any] = config["layers"]
    return layers
