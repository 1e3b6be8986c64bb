"""Reading an uploaded file into the canonical form."""

import time
from pathlib import Path
from typing import Any

from engine.dataset.canonical import write
from engine.dataset.description import class_counts, describe
from engine.dataset.limits import Limits
from engine.dataset.preview import preview
from engine.formats import recognise
from engine.formats._base import Report
from engine.formats._gzip import unpacked
from engine.port import Port

_INTERVAL = 0.5


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Read `path` into `out`: format, rows, schema, preview, class counts, files and notes.

    Raises Fault("invalid-dataset") for a file that cannot be taken.
    """
    limits = Limits.from_json(payload.get("limits"))
    path, out = Path(payload["path"]), Path(payload["out"])
    out.mkdir(parents=True, exist_ok=True)
    scratch = out.with_name(f"{out.name}.unpacked")
    path, filename = unpacked(path, payload.get("filename"), limits, scratch)
    form = recognise(path, filename)
    content = form.read(path, limits, out, _reporter(port))
    schema = describe(content)
    first = preview(content)
    classes = class_counts(content, schema)
    return {
        "format": form.name,
        "rows": schema.rows,
        "schema": schema.to_json(),
        "preview": first,
        "classes": classes,
        "files": write(content, schema, out),
        "notes": content.notes,
    }


def _reporter(port: Port) -> Report:
    """Reports progress at most twice a second."""
    last = 0.0

    def report(done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _INTERVAL or done == total:
            last = now
            port.emit("progress", done=done, total=total)

    return report
