"""Reading an uploaded side file into our own form."""

from pathlib import Path
from typing import Any

from engine.dataset.limits import Limits
from engine.faults import Fault
from engine.files import recognise
from engine.formats._door import door
from engine.port import Port


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Read the file at `path` into `out`: `{"form", "description", "files"}`.

    Raises Fault("invalid-file") for one that cannot be taken.
    """
    path, out = Path(payload["path"]), Path(payload["out"])
    out.mkdir(parents=True, exist_ok=True)
    try:
        with door():
            form = recognise(path)
            description = form.read(path, Limits.from_json(payload.get("limits")), out)
    except Fault as fault:
        raise Fault("invalid-file", fault.detail, fault.items) from None
    files = sorted(entry.name for entry in out.iterdir())
    return {"form": form.name, "description": description, "files": files}
