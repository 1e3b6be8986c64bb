"""Everything a user calls data, as bytes."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from lamina.client.call import Body
from lamina.client.errors import BadSource
from lamina.client.source import CHUNK, body_of


def _content(body: Body) -> bytes:
    """All bytes; read twice, since a repeated request starts again."""
    try:
        first = b"".join(body.chunks(0))
        assert b"".join(body.chunks(0)) == first
        assert b"".join(body.chunks(3)) == first[3:]
        assert len(first) == body.length
    finally:
        body.close()
    return first


def _arrays(body: Body) -> dict[str, Any]:
    with np.load(io.BytesIO(_content(body)), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def test_a_file_is_sent_as_it_is(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK // 128)
    (tmp_path / "data.bin").write_bytes(content)
    for source in (tmp_path / "data.bin", str(tmp_path / "data.bin")):
        body = body_of(source)
        assert body.filename == "data.bin"
        assert _content(body) == content


def test_a_missing_file_is_explained() -> None:
    with pytest.raises(BadSource, match=r"no file or folder 'nowhere\.csv'"):
        body_of("nowhere.csv")


def test_class_folders_become_an_archive(tmp_path: Path) -> None:
    root = tmp_path / "pets"
    for name in ("cat/1.png", "cat/2.png", "dog/1.txt", "dog/.hidden", ".git/x", "readme.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
    body = body_of(root)
    assert body.filename == "pets.zip"
    with zipfile.ZipFile(io.BytesIO(_content(body))) as archive:
        assert archive.namelist() == ["cat/1.png", "cat/2.png", "dog/1.txt"]
        assert archive.read("dog/1.txt") == b"dog/1.txt"


def test_a_folder_without_classes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.png").write_bytes(b"x")
    with pytest.raises(BadSource, match="no class folders"):
        body_of(tmp_path)


def test_bytes() -> None:
    assert _content(body_of(b"a,b\n1,2\n")) == b"a,b\n1,2\n"


def test_records_become_json_lines() -> None:
    rows = [{"a": np.float64(1.5), "b": date(2026, 1, 2)}, {"a": None, "b": "x"}]
    body = body_of(rows)
    assert body.filename.endswith(".ndjson")
    lines = [json.loads(line) for line in _content(body).splitlines()]
    assert lines == [{"a": 1.5, "b": "2026-01-02"}, {"a": None, "b": "x"}]


def test_columns_become_records() -> None:
    lines = _content(body_of({"a": [1, 2], "b": ["x", "y"]})).splitlines()
    assert [json.loads(line) for line in lines] == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ([{"a": float("nan")}], "cannot be written as JSON"),
        ([{"a": object()}], "object is no JSON value"),
        ({"a": [1], "b": [1, 2]}, "differ in length"),
        (object(), "cannot upload a object"),
        ([1, 2], "cannot upload a list"),
    ],
)
def test_what_cannot_be_sent_is_explained(source: Any, text: str) -> None:
    with pytest.raises(BadSource, match=text):
        body_of(source)


def test_a_frame_of_polars_becomes_parquet() -> None:
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    body = body_of(frame)
    assert body.filename == "frame.parquet"
    assert pl.read_parquet(io.BytesIO(_content(body))).equals(frame)


def test_a_frame_of_pandas_keeps_its_columns() -> None:
    body = body_of(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}))
    content = _content(body)
    read = pl.read_parquet if body.filename.endswith("parquet") else pl.read_csv
    assert read(io.BytesIO(content)).to_dicts() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


def test_arrays_keep_shape_and_type() -> None:
    x = np.arange(12, dtype="float32").reshape(3, 2, 2)
    found = _arrays(body_of({"file": x, "label": np.array(["a", "b", "c"])}))
    assert found["file"].dtype == np.float32
    assert found["file"].tolist() == x.tolist()
    assert found["label"].tolist() == ["a", "b", "c"]
    assert list(_arrays(body_of(x))) == ["x"]


def test_x_and_y_are_named() -> None:
    x, y = np.zeros((3, 2)), np.arange(3)
    assert list(_arrays(body_of(x, y))) == ["x", "y"]
    assert list(_arrays(body_of(x, [1, 2, 3]))) == ["x", "y"]
    assert list(_arrays(body_of({"a": x, "b": x}, {"p": y}))) == ["a", "b", "p"]


def test_a_series_of_text_is_text() -> None:
    assert _arrays(body_of({"t": pd.Series(["a", "b"], dtype=object)}))["t"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("x", "y", "text"),
    [
        (np.zeros((3, 2)), np.zeros(4), "differ in their number of records"),
        (np.zeros(2), np.array([{}, 1], dtype=object), "holds Python objects"),
        (np.zeros(2), np.array(1), "no axis of records"),
    ],
)
def test_impossible_arrays_are_explained(x: Any, y: Any, text: str) -> None:
    with pytest.raises(BadSource, match=text):
        body_of(x, y)
