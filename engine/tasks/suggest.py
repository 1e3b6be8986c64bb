"""The task `suggest`: a complete job body for a dataset, checked, with its reasons."""

from typing import Any

from engine.dataset.schema import Schema
from engine.port import Port
from engine.suggestion import suggest
from engine.tasks import check


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Suggest by `data` (a request's section), `schema` and `classes` (rows by column and value).

    Answers `{"object": "suggestion", "request", "reasons"}`. Raises Fault as `check` does; its
    pointers address the section as sent, at `pointers.data`.
    """
    schema = Schema.from_json(payload["schema"])
    pointers = payload.get("pointers") or {}
    place = pointers.get("data", "/data")
    found = suggest(schema, payload.get("classes") or {}, payload["data"], place)
    checked = {
        **found["request"],
        "schema": payload["schema"],
        "limits": payload.get("limits"),
        "pointers": pointers,
    }
    check.run(checked, port)
    return found
