"""Reading an uploaded file into the canonical form."""

import json
import time
from pathlib import Path
from typing import Any

from engine.dataset.canonical import write
from engine.dataset.content import Content
from engine.dataset.description import class_counts, describe
from engine.dataset.limits import Limits
from engine.dataset.preview import preview, samples
from engine.dataset.schema import Schema
from engine.formats import recognise
from engine.formats._base import Report
from engine.formats._door import door
from engine.formats._packed import unpacked
from engine.port import Port
from engine.profile import Profile, profile
from engine.quality import Data, look
from engine.statistics import measure

STATISTICS = "statistics.json"
_INTERVAL = 0.5


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Read `path` into `out`: format, rows, schema, preview, class counts, files and notes.

    With it come the `profile` and the `advice` on the data; the statistics of the columns are one
    of the files. Progress is told by phase. Raises Fault("invalid-dataset") for a file that cannot
    be taken.
    """
    limits = Limits.from_json(payload.get("limits"))
    path, out = Path(payload["path"]), Path(payload["out"])
    out.mkdir(parents=True, exist_ok=True)
    scratch = out.with_name(f"{out.name}.unpacked")
    with door():
        path, filename = unpacked(path, payload.get("filename"), limits, scratch)
        form = recognise(path, filename)
        content = form.read(path, limits, out, _reporter(port, "reading"))
    limits.check_names(content.names)
    port.emit("progress", phase="typing", done=0, total=None)
    schema = describe(content)
    classes = class_counts(content, schema)
    found, advice = _measured(content, schema, out, port)
    return {
        "format": form.name,
        "rows": schema.rows,
        "schema": schema.to_json(),
        "preview": preview(content),
        "samples": samples(content, schema),
        "classes": classes,
        "profile": found,
        "advice": advice,
        "files": [*write(content, schema, out), STATISTICS],
        "notes": content.notes,
    }


def _measured(
    content: Content, schema: Schema, out: Path, port: Port
) -> tuple[Profile, list[dict[str, Any]]]:
    """The profile and the advice; the statistics are laid down in a file."""
    report = _reporter(port, "statistics")
    statistics = measure(content, schema, report)
    (out / STATISTICS).write_text(json.dumps(statistics, allow_nan=False), encoding="utf-8")
    found = profile(content, schema)
    return found, look(Data(content, schema, statistics, found))


def _reporter(port: Port, phase: str) -> Report:
    """Reports progress in a phase at most twice a second."""
    last = 0.0

    def report(done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _INTERVAL or done == total:
            last = now
            port.emit("progress", phase=phase, done=done, total=total)

    return report
