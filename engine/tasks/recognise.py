"""Telling an upload's format by its first bytes, before anything is stored."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.formats import recognise
from engine.formats._door import door
from engine.formats._packed import beginning
from engine.port import Port


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """The format of the file at `path`, called `filename`: `{"format": name}`.

    Raises Fault("invalid-dataset") when it is of no known format or of another than its name says.
    """
    with TemporaryDirectory() as folder, door():
        scratch = Path(folder) / "beginning"
        path, filename = beginning(Path(payload["path"]), payload.get("filename"), scratch)
        return {"format": recognise(path, filename).name}
