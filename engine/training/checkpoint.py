"""Checkpoints on disk: complete or absent, checked before they are believed.

A folder `checkpoints/epoch-EEEEEE-step-SSSSSSSS` holds `arrays.bin` (all arrays one after
another), `state.json` (the rest, and where each array lies) and `manifest.json` (size and
SHA-256 of both). It is written under another name, every file fsynced, then renamed.
"""

import hashlib
import json
import math
import os
import shutil
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, overload
from uuid import uuid4

import numpy as np

from engine.dataset.content import Array
from engine.training.snapshot import Snapshot

FOLDER = "checkpoints"
_KEPT = 2
_FILES = ("arrays.bin", "state.json")


class DamagedCheckpoint(Exception):
    """The checkpoint is incomplete or its bytes are not those that were written."""


def write(out: Path, snapshot: Snapshot) -> Path:
    """Write a checkpoint below `out`, keep the last two, return its folder.

    Raises OSError when the storage is full; then nothing half-written is left.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / f"epoch-{snapshot.epoch:06d}-step-{snapshot.step:08d}"
    if final.exists():
        return final
    draft = folder / f"tmp-{uuid4().hex}"
    try:
        draft.mkdir()
        _write_files(draft, snapshot)
        draft.rename(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    sync(folder)
    for old in sorted(folder.glob("epoch-*"))[:-_KEPT]:
        shutil.rmtree(old)
    return final


def _write_files(draft: Path, snapshot: Snapshot) -> None:
    arrays: list[Array] = []
    state = {
        "version": 1,
        "epoch": snapshot.epoch,
        "step": snapshot.step,
        "variables": [_laid(value, arrays) for value in snapshot.variables],
        "metrics": [_laid(value, arrays) for value in snapshot.metrics],
        "callbacks": [
            {name: _laid_value(value, arrays) for name, value in callback.items()}
            for callback in snapshot.callbacks
        ],
    }
    digest, size = hashlib.sha256(), 0
    with (draft / "arrays.bin").open("wb") as file:
        for array in arrays:
            data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
            digest.update(data)
            size += file.write(data)
        file.flush()
        os.fsync(file.fileno())
    text = json.dumps(state).encode()
    write_file(draft / "state.json", text)
    manifest = {
        "arrays.bin": {"bytes": size, "sha256": digest.hexdigest()},
        "state.json": {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()},
    }
    write_file(draft / "manifest.json", json.dumps(manifest).encode())
    sync(draft)


def _laid(array: Array, arrays: list[Array]) -> dict[str, Any]:
    arrays.append(array)
    return {"dtype": array.dtype.name, "shape": list(array.shape)}


def _laid_value(value: Any, arrays: list[Array]) -> Any:
    if isinstance(value, list):
        return {"arrays": [_laid(array, arrays) for array in value]}
    return {"value": value}


def read(folder: Path) -> Snapshot:
    """The snapshot of a checkpoint folder. Raises DamagedCheckpoint."""
    try:
        _verify(folder)
        state = json.loads((folder / "state.json").read_bytes())
        variables = _Stored(folder / "arrays.bin", state["variables"])
        with variables.path.open("rb") as file:
            file.seek(variables.end)
            return Snapshot(
                epoch=state["epoch"],
                step=state["step"],
                variables=variables,
                metrics=[_picked(entry, file) for entry in state["metrics"]],
                callbacks=[
                    {name: _picked_value(value, file) for name, value in callback.items()}
                    for callback in state["callbacks"]
                ],
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedCheckpoint(f"{folder.name}: {error}") from error


class _Stored(Sequence[Array]):
    """Arrays at the beginning of a file, each read when it is asked for and never kept."""

    def __init__(self, path: Path, entries: list[dict[str, Any]]) -> None:
        self.path, self._entries = path, entries
        sizes = [math.prod(one["shape"]) * _dtype(one["dtype"]).itemsize for one in entries]
        self._starts = list(accumulate(sizes, initial=0))
        self.end = self._starts[-1]

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Array: ...
    @overload
    def __getitem__(self, index: slice) -> list[Array]: ...
    def __getitem__(self, index: int | slice) -> Array | list[Array]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        with self.path.open("rb") as file:
            file.seek(self._starts[:-1][index])
            return _picked(self._entries[index], file)


def _verify(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for name in _FILES:
        with (folder / name).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest != manifest[name]["sha256"]:
            raise DamagedCheckpoint(f"{folder.name}: {name} is not what was written")


def _picked(entry: dict[str, Any], file: Any) -> Array:
    dtype = _dtype(entry["dtype"])
    shape = tuple(entry["shape"])
    data = file.read(math.prod(shape) * dtype.itemsize)
    return np.frombuffer(data, dtype=dtype).reshape(shape)


def _dtype(name: str) -> np.dtype[Any]:
    try:
        return np.dtype(name)
    except TypeError:
        import ml_dtypes  # bfloat16 and the 8-bit floats, which NumPy lacks

        special: np.dtype[Any] = np.dtype(getattr(ml_dtypes, name))
        return special


def _picked_value(value: dict[str, Any], file: Any) -> Any:
    if "arrays" in value:
        return [_picked(entry, file) for entry in value["arrays"]]
    return value["value"]


def newest(folder: Path) -> Snapshot | None:
    """The snapshot of this checkpoint folder or, where it is damaged, of the newest beside it."""
    others = sorted(folder.parent.glob("epoch-*"), reverse=True)
    for candidate in [folder, *(other for other in others if other != folder)]:
        try:
            return read(candidate)
        except DamagedCheckpoint:
            continue
    return None


def write_file(path: Path, data: bytes) -> None:
    """Write a file and force it to disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Force a file or a folder's entries to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
