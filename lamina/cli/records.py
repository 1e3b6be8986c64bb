"""Records, arrays and images from files, or from standard input."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from lamina.client.errors import BadSource

_WHOLE = {".npy", ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"}


def read_given(names: list[str]) -> Any:
    """What a model is asked: an array or images by their paths, else the records of a file.

    Raises BadSource.
    """
    paths = [Path(name) for name in names]
    whole = [path.suffix.lower() in _WHOLE for path in paths]
    if all(whole):
        return paths[0] if len(paths) == 1 else paths
    if len(names) > 1:
        raise BadSource("several files are taken of images alone; send records in one file")
    return read_records(names[0])


def read_records(name: str) -> list[dict[str, Any]]:
    """The records of a JSON array, of JSON lines, or of a CSV file; `-` is standard input.

    CSV holds text alone: what looks like a number is one, and an empty cell is missing.
    Raises BadSource.
    """
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSource(f"cannot read {name!r}: {error}") from error
    found = _json(text) if text.lstrip().startswith(("[", "{")) else _csv(text)
    if not found or not all(isinstance(record, dict) for record in found):
        raise BadSource(f"{name!r} holds no records")
    return found


def _json(text: str) -> list[Any]:
    try:
        whole = json.loads(text)
    except ValueError:
        return _lines(text)
    return whole if isinstance(whole, list) else [whole]


def _lines(text: str) -> list[Any]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as error:
        raise BadSource(f"neither JSON nor JSON lines: {error}") from error


def _csv(text: str) -> list[Any]:
    rows = csv.DictReader(io.StringIO(text))
    return [{name: _cell(value) for name, value in row.items() if name} for row in rows]


def _cell(text: str | None) -> Any:
    if not text:
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
