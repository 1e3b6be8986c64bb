"""Numpy-like arrays as an `.npz` file; numpy is imported only when there are some."""

import zipfile
from collections.abc import Mapping
from typing import IO, Any

from .errors import BadSource


def is_array(value: Any) -> bool:
    """Whether numpy can take it as an array: numpy's own, tensors of any framework, series."""
    return hasattr(value, "__array__") and hasattr(value, "shape")


def write_arrays(arrays: Mapping[str, Any], file: IO[bytes]) -> None:
    """Write the arrays, each under its name, in numpy's NPZ format, without pickle.

    Raises BadSource when an array holds Python objects or the first axes differ in length.
    """
    import numpy as np

    plain = {str(name): _typed(str(name), np.asarray(value)) for name, value in arrays.items()}
    lengths = {name: len(array) for name, array in plain.items()}
    if len(set(lengths.values())) > 1:
        raise BadSource(f"the arrays differ in their number of records: {lengths}")
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in plain.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, allow_pickle=False)


def _typed(name: str, array: Any) -> Any:
    if array.ndim == 0:
        raise BadSource(f"array {name!r} has no axis of records")
    if array.dtype.kind != "O":
        return array
    # A pandas series of text arrives as objects; anything else of objects has no plain form.
    if all(isinstance(value, str) for value in array.ravel()):
        return array.astype(str)
    raise BadSource(f"array {name!r} holds Python objects; give it a number or text type")
