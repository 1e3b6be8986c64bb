"""NumPy archives."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from tests.engine.formats.test_contract import take


def saved(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def forged(header: str, data: bytes = b"") -> bytes:
    text = header.ljust(117) + "\n"
    member = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + data
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", member)
    return buffer.getvalue()


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    arrays = {
        "a": rng.normal(size=(5, 2, 3)),
        "fortran": np.asfortranarray(rng.integers(0, 9, (5, 4))),
        "big": rng.normal(size=(5, 2)).astype(">f4"),
        "label": np.array([3, 1, 2, 1, 3], np.uint8),
        "word": np.array(["x", "y", "x", "y", "x"]),
        "flag": np.array([True, False, True, True, False]),
    }
    result = take(tmp_path, saved(**arrays))
    dataset = Dataset(tmp_path / "out")
    for name, array in arrays.items():
        assert dataset.values(name).tolist() == array.tolist()
    kinds = {column["name"]: column["kind"] for column in result["schema"]["columns"]}
    assert kinds == {
        "a": "tensor",
        "fortran": "tensor",
        "big": "tensor",
        "label": "integer",
        "word": "category",
        "flag": "boolean",
    }
    assert dataset.schema.column("a").shape == [2, 3]
    assert dataset.schema.column("a").std == pytest.approx(arrays["a"].std())
    assert result["classes"]["label"] == {"1": 2, "2": 1, "3": 2}


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (saved(a=np.zeros((3, 2)), b=np.zeros(4)), "a: 3, b: 4"),
        (saved(a=np.array(1.0)), "holds no rows"),
        (saved(a=np.zeros((0, 3))), "holds no rows"),
        (saved(a=np.zeros(3, complex)), "dtype complex128"),
        (saved(a=np.zeros(3, [("x", "f4")])), "dtype"),
        (forged("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", b"x"), "dtype object"),
        (forged("{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999,), }"), "limit"),
        (forged("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000,), }"), "claims"),
        (forged("{'descr': '|S2000000000', 'fortran_order': False, 'shape': (1,), }"), "limit"),
        (forged("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"), "no rows"),
        (forged("nonsense"), "broken header"),
    ],
)
def test_refusals(data: bytes, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, data)


def test_object_arrays_are_never_unpickled(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([{"x": 1}, None], dtype=object))
    with pytest.raises(Fault, match="dtype object"):
        take(tmp_path, buffer.getvalue())
