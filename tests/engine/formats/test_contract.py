"""What every format promises, checked on its own example and on what it does not own."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from engine.formats import FORMATS, recognise
from engine.tasks import read
from tests.engine._port import Recorder

NAMES = sorted(FORMATS)


def take(tmp_path: Path, data: bytes, filename: str | None = None, **limits: int) -> dict[str, Any]:
    path = tmp_path / "upload"
    path.write_bytes(data)
    payload = {"path": str(path), "filename": filename, "out": str(tmp_path / "out")}
    return read.run({**payload, "limits": limits}, Recorder())


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_recognised_by_its_format_alone(name: str, tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(FORMATS[name].example())
    assert recognise(path, None) is FORMATS[name]
    for suffix in FORMATS[name].extensions:
        assert recognise(path, f"x{suffix}") is FORMATS[name]


@pytest.mark.parametrize("name", NAMES)
def test_the_example_is_written_in_canonical_form(name: str, tmp_path: Path) -> None:
    result = take(tmp_path, FORMATS[name].example())
    out = tmp_path / "out"
    json.dumps(result, allow_nan=False)
    assert result["rows"] >= 2
    assert len(result["schema"]["columns"]) >= 2
    assert len(result["preview"]) == min(20, result["rows"])
    assert sorted(result["files"]) == sorted(path.name for path in out.iterdir())
    dataset = Dataset(out)
    for column in dataset.schema.columns:
        values = dataset.values(column.name)
        assert len(values) == result["rows"]
        last = dataset.values(column.name, np.array([result["rows"] - 1]))
        assert len(last) == 1
    for file in out.glob("*.npy"):
        np.load(file, mmap_mode="r", allow_pickle=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("limit", ["expanded_bytes", "rows", "columns", "entries", "pixels"])
def test_limits_refuse(name: str, limit: str, tmp_path: Path) -> None:
    applies = {
        "csv": {"expanded_bytes", "rows", "columns"},
        "json_rows": {"expanded_bytes", "rows", "columns"},
        "npz": {"expanded_bytes", "rows", "columns", "entries"},
        "image_folder": {"expanded_bytes", "entries", "pixels"},
        "text_folder": {"expanded_bytes", "entries", "rows"},
        **{
            key: {"expanded_bytes", "rows", "columns"}
            for key in ("parquet", "arrow", "npy", "excel")
        },
    }
    if limit not in applies[name]:
        assert take(tmp_path, FORMATS[name].example(), **{limit: 10**9})["rows"] >= 2
        return
    with pytest.raises(Fault) as caught:
        take(tmp_path, FORMATS[name].example(), **{limit: 1})
    assert caught.value.code == "invalid-dataset"
    assert {item.code for item in caught.value.items} == {"too-large"}


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_refused_and_never_crashes(name: str, tmp_path: Path) -> None:
    whole = FORMATS[name].example()
    rng = np.random.default_rng(1)
    faults = []
    for _ in range(60):
        data = bytearray(whole)
        for place in rng.integers(0, len(data), 4):
            data[place] = rng.integers(0, 256)
        cut = bytes(data[: rng.integers(1, len(data) + 1)])
        try:
            take(tmp_path, cut)
        except Fault as fault:
            faults.append(fault)
    assert len(faults) > 5
    assert all(fault.code == "invalid-dataset" and fault.items for fault in faults)


@pytest.mark.parametrize(
    ("filename", "data"),
    [("a.npz", b"a,b\n1,2\n"), ("a.csv", FORMATS["npz"].example()), ("a.zip", b"[{}]")],
)
def test_the_name_must_not_promise_another_format(
    filename: str, data: bytes, tmp_path: Path
) -> None:
    with pytest.raises(Fault, match="right name"):
        take(tmp_path, data, filename)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n \n", "empty"),
        (b"%PDF-1.7 ....", "unknown-format"),
        (b"PAR1\0\0\0", "unreadable"),
        (b"\x80\x04\x95pickle\0", "unknown-format"),
    ],
)
def test_other_things_are_refused(data: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        take(tmp_path, data)
    assert caught.value.items[0].code == code


def test_the_table_is_compressed_parquet(tmp_path: Path) -> None:
    take(tmp_path, b"a,b\n1,x\n2,y\n")
    assert pl.read_parquet(tmp_path / "out" / "table.parquet").columns == ["a", "b"]
