"""Whether a dataset holds the columns that a trained model takes."""

import difflib
import json
from pathlib import Path
from typing import Any

from engine.dataset.alike import Difference, differences
from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.faults import Fault, Item
from engine.port import Port


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Compare the dataset of `schema` with the model in the folder `model`; the columns used.

    To be evaluated, it must hold what is learned as well: then `trained_on` is the schema of the
    dataset that the model was trained on, and `weight` the column of sample weights, if any.
    Raises Fault("data-stack-mismatch") with every column that is missing or of another kind.
    """
    del port
    content = (Path(payload["model"]) / "encoding.json").read_bytes()
    encoder = Encoder.from_json(json.loads(content))
    schema = Schema.from_json(payload["schema"])
    mine = Schema(0, list(encoder.columns.values()))
    items = [
        _item(found, schema) for found in differences("given", mine, schema, list(encoder.columns))
    ]
    if given := payload.get("trained_on"):
        items += _learned(encoder, Schema.from_json(given), schema, payload.get("weight"))
    window = encoder.window
    for name in (window.key, window.order) if window else ():
        if name is not None and name not in schema.names:
            detail = f"The given dataset has no column {name!r}, which orders the series."
            items.append(Item("/dataset", "unknown-column", detail))
    if items:
        raise Fault("data-stack-mismatch", items[0].detail, items)
    return {"columns": list(encoder.columns)}


def _learned(encoder: Encoder, mine: Schema, schema: Schema, weight: str | None) -> list[Item]:
    """What is wrong with the columns of targets and weights."""
    names = [name for target in encoder.targets.values() for name in target.columns]
    names = [name for name in [*names, weight] if name and name not in encoder.columns]
    found = [_item(one, schema) for one in differences("given", mine, schema, names)]
    if not schema.rows:
        found.append(Item("/dataset", "too-few-rows", "The given dataset has no rows."))
    return found


def _item(found: Difference, schema: Schema) -> Item:
    if not found.missing:
        return Item("/dataset", "bad-type", found.detail)
    alike = difflib.get_close_matches(found.column, schema.names, n=3)
    return Item("/dataset", "unknown-column", found.detail, alike)
