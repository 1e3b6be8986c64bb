"""Arrays of NumPy: weights of a layer in their order, or by name."""

import io
import zipfile
from pathlib import Path

import numpy as np

from engine.dataset.content import Array
from engine.dataset.limits import Limits, damaged, refusal
from engine.files._base import Description, Form
from engine.formats._damage import DAMAGE
from engine.formats._zip import is_zip, members, opened
from engine.formats.npz import read_member

_MAGIC = b"\x93NUMPY"
_KINDS = "biuf"


class Arrays(Form):
    """One `.npy` file, or an `.npz` archive of several: numbers alone, no Python objects.

    Each array is kept as `N.npy` in the order of the file; it is described as
    `{"arrays": [{"name", "shape", "dtype"}]}`.
    """

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By NumPy's magic bytes, or a ZIP of `.npy` members."""
        if head.startswith(_MAGIC):
            return True
        if not is_zip(head) or not zipfile.is_zipfile(path):
            return False
        with opened(path) as archive:
            names = archive.namelist()
        return bool(names) and all(name.endswith(".npy") for name in names)

    @classmethod
    def read(cls, path: Path, limits: Limits, out: Path) -> Description:
        """Check every header, then the numbers."""
        with path.open("rb") as file:
            single = file.read(len(_MAGIC)) == _MAGIC
        found = {"": _single(path)} if single else _several(path, limits)
        limits.check("columns", len(found), "Arrays")
        described = []
        for place, (name, array) in enumerate(found.items()):
            if array.dtype.kind not in _KINDS:
                raise refusal("unreadable", f"Array {name!r} holds {array.dtype}, not numbers.")
            if not all(np.isfinite(part).all() for part in _pieces(array)):
                raise refusal("unreadable", f"Array {name!r} holds NaN or infinite values.")
            np.save(out / f"{place}.npy", array, allow_pickle=False)
            described.append(
                {"name": name or None, "shape": list(array.shape), "dtype": array.dtype.name}
            )
        return {"arrays": described}

    @classmethod
    def example(cls) -> bytes:
        """A kernel and a bias."""
        buffer = io.BytesIO()
        np.savez(buffer, kernel=np.ones((2, 3), np.float32), bias=np.zeros(3, np.float32))
        return buffer.getvalue()


def _single(path: Path) -> Array:
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except DAMAGE as error:
        raise damaged("The array cannot be read", error) from None


def _several(path: Path, limits: Limits) -> dict[str, Array]:
    with opened(path) as archive:
        entries = members(archive, limits)
        return {
            entry.filename.removesuffix(".npy"): read_member(archive, entry, limits)
            for entry in entries
        }


def _pieces(array: Array) -> list[Array]:
    """The array in parts, so that looking at all of it takes little memory."""
    flat = array.reshape(-1)
    return np.array_split(flat, max(1, flat.size // 10_000_000))
