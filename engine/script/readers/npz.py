"""Archives of arrays."""

import numpy as np

from engine.encodings._base import Values
from engine.script.readers._arrays import plain_array

NEEDS = (plain_array,)
CALL = "read_npz(path, COLUMNS)"
PACKAGES = ()


def read_npz(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The arrays of an NPZ file, their first axis the rows."""
    found = np.load(path, allow_pickle=False)
    return {name: plain_array(found[name], kind) for name, (_, kind) in columns.items()}
