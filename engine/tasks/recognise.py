"""Telling an upload's format by its first bytes, before anything is stored."""

from pathlib import Path
from typing import Any

from engine.formats import recognise
from engine.port import Port


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """The format of the file at `path`, called `filename`: `{"format": name}`.

    Raises Fault("invalid-dataset") when it is of no known format or of another than its name says.
    """
    return {"format": recognise(Path(payload["path"]), payload.get("filename")).name}
