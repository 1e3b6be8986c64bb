"""A single array."""

import numpy as np

from engine.encodings._base import Values
from engine.script.readers._arrays import plain_array

NEEDS = (plain_array,)
CALL = "read_npy(path, COLUMNS)"
PACKAGES = ()


def read_npy(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The columns of an array with two axes; an array of more is one column."""
    array = np.load(path, allow_pickle=False)
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
    if array.ndim > 2:
        return {name: plain_array(array, kind) for name, (_, kind) in columns.items()}
    table = array.reshape(len(array), -1)
    return {name: plain_array(table[:, place], kind) for name, (place, kind) in columns.items()}
