"""The JSON Schemas of the layers in the OpenAPI document, so that generated clients are typed.

They are made of the running Keras by `python -m engine.catalog` and kept as a file: this process
never imports Keras, the document is there before any engine child is, and a change of Keras shows
as a change of the file. A test compares the file with the running Keras.
"""

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("layers.schema.json")
_STACK = {"$ref": "#/components/schemas/Stack"}
_REQUESTS = ("JobRequest", "StackCheckRequest")


def layer_schemas() -> dict[str, Any]:
    """Schema name to schema."""
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def add_layers(schemas: dict[str, Any]) -> None:
    """Add the layers to the schemas of a document, and say that requests take a stack of them.

    Raises ValueError when a name is taken: one of the two would be lost.
    """
    layers = layer_schemas()
    taken = sorted(set(layers) & set(schemas))
    if taken:
        raise ValueError(f"there are two schemas called {', '.join(taken)}")
    schemas |= layers
    for schema in schemas.values():
        properties = schema.get("properties", {})
        if "stack" in properties and schema.get("title") in _REQUESTS:
            properties["stack"] = _STACK
