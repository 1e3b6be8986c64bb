"""`python -m engine.catalog > api/layers.schema.json`: the JSON Schemas of all layers."""

import sys

from .union import layer_schemas, written

if __name__ == "__main__":
    sys.stdout.write(written(layer_schemas()))
