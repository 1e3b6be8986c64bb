"""What encoded data was made from: the key under which it is kept."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from engine.arrays.cache import key_of

_CODE = ("arrays", "dataset", "division", "encodings", "quality", "splits", "targets")
_FILES = ("training/parts.py", "training/tensors.py", "training/weights.py")
_LIBRARIES = ("numpy", "polars", "pillow")


def inputs_key(payload: dict[str, Any], targets: list[str], blank: frozenset[str]) -> str:
    """Of the division and the encoded inputs: data, columns, encodings, split, code.

    `targets` are the columns without which a row is left out, but for the `blank` ones.
    """
    request = payload["request"]
    data = request["data"]
    split = dict(data.get("split") or {})
    if split.get("seed") is None:
        split["seed"] = request["fit"].get("seed")
    if split.get("by") in ("time", "column"):
        split["seed"] = None  # nothing is drawn
    return key_of(
        {
            "datasets": payload["cache"]["datasets"],
            "inputs": data["inputs"],
            "targets": [targets, sorted(blank)],
            "sample_weight": data.get("sample_weight"),
            "window": data.get("window"),
            "split": split,
            "code": code(),
        }
    )


def findings_key(inputs: str, data: dict[str, Any]) -> str:
    """Of what was found in a division, as the section `data` of the request has it looked at."""
    return key_of({"inputs": inputs, "findings": data})


def targets_key(inputs: str, request: dict[str, Any], targets: Any) -> str:
    """Of the encoded targets and weights; `targets` are their encodings as JSON, by output."""
    weights = (request["data"].get("sample_weight"), request["fit"].get("class_weight"))
    return key_of({"inputs": inputs, "targets": targets, "weights": weights})


@cache
def code() -> str:
    """A digest of the code that encodes, and of the libraries that it uses."""
    root = Path(__file__).parents[1]
    paths = [path for folder in _CODE for path in sorted((root / folder).glob("*.py"))]
    digest = hashlib.sha256()
    for path in [*paths, *(root / name for name in _FILES)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name in _LIBRARIES:
        digest.update(f"{name}={version(name)}\0".encode())
    return digest.hexdigest()
