"""Whether a dataset holds the columns that a trained model takes."""

import difflib
import json
from pathlib import Path
from typing import Any

from engine.dataset.alike import differences
from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.faults import Fault, Item
from engine.port import Port


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Compare the dataset of `schema` with the model in the folder `model`; the columns used.

    Raises Fault("data-stack-mismatch") with every column that is missing or of another kind.
    """
    del port
    content = (Path(payload["model"]) / "encoding.json").read_bytes()
    encoder = Encoder.from_json(json.loads(content))
    schema = Schema.from_json(payload["schema"])
    mine = Schema(0, list(encoder.columns.values()))
    items = [
        Item(
            "/dataset",
            "unknown-column" if found.missing else "bad-type",
            found.detail,
            difflib.get_close_matches(found.column, schema.names, n=3) if found.missing else [],
        )
        for found in differences("given", mine, schema, list(encoder.columns))
    ]
    window = encoder.window
    for name in (window.key, window.order) if window else ():
        if name is not None and name not in schema.names:
            detail = f"The given dataset has no column {name!r}, which orders the series."
            items.append(Item("/dataset", "unknown-column", detail))
    if items:
        raise Fault("data-stack-mismatch", items[0].detail, items)
    return {"columns": list(encoder.columns)}
