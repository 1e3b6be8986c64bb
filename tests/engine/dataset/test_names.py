"""Columns may be called anything: none is ever taken for a pattern that stands for others."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dataset.canonical import Dataset
from engine.dataset.encoder import Encoder, Feed
from engine.encodings import made
from engine.formats._workbook import workbook
from engine.prediction.records import columns_of
from engine.tasks import read
from tests.engine._port import Recorder

NASTY = ["*", "^.*$", "^x$", "x", "^$", "^(x|y)$", "a*", "^[$", "value", "count", "\\d", "", " "]
WORDS = ["red", "blue", "red", "green", "blue", "red"]
NUMBERS = [1.5, -2.0, 0.25, 8.0, 3.5, -1.0]


def is_number(name: str) -> bool:
    """Whether a first line of such words would not be taken for names: infinity and its kin."""
    try:
        float(name)
    except ValueError:
        return False
    return True


letters = st.text(st.characters(codec="utf-8", categories=["L", "P", "S"]), min_size=1)
plain = letters.filter(lambda name: not is_number(name))
names = st.lists(st.sampled_from(NASTY) | plain, min_size=2,
                 max_size=6, unique=True)  # fmt: skip


def table(columns: dict[str, list[Any]]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def parquet(columns: dict[str, list[Any]]) -> bytes:
    file = io.BytesIO()
    table(columns).write_parquet(file)
    return file.getvalue()


def arrow(columns: dict[str, list[Any]]) -> bytes:
    file = io.BytesIO()
    table(columns).write_ipc(file)
    return file.getvalue()


def rows(columns: dict[str, list[Any]]) -> bytes:
    lines = zip(*columns.values(), strict=True)
    return json.dumps([dict(zip(columns, line, strict=True)) for line in lines]).encode()


def csv(columns: dict[str, list[Any]]) -> bytes:
    return table(columns).write_csv(quote_style="always").encode()


def npz(columns: dict[str, list[Any]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, values in columns.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, np.array(values))
    return file.getvalue()


def excel(columns: dict[str, list[Any]]) -> bytes:
    lines = zip(*columns.values(), strict=True)
    return workbook({"Sheet1": [list(columns), *map(list, lines)]})


def fed(column: Any) -> Feed:
    encoding = made("one_hot" if column.kind == "category" else "standard")
    return Feed([column], [encoding])


@pytest.mark.parametrize("write", [parquet, arrow, rows, csv, npz, excel])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=names)
def test_upload_training_and_prediction_agree(
    write: Any, names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Every column comes back with its own values, and a record is encoded as its row was."""
    if write is npz:
        names = [name.replace("/", "|").replace("\\", "|").replace(":", "|") for name in names]
        names = [name for name in dict.fromkeys(names) if name not in (".", "..")] or ["*"]
    if write in (csv, excel):  # which give columns without a name one
        names = [name for name in names if name.strip()] or ["*"]
    folder = tmp_path_factory.mktemp("names")
    columns = {
        name: [f"{word}{place}" for word in WORDS]
        if place % 2
        else [number * (place + 1) for number in NUMBERS]
        for place, name in enumerate(names)
    }
    dataset = taken(write(columns), folder)
    assert dataset.schema.names == names
    for first, end in ((0, 6), (2, 4)):
        found = dataset.between(names, first, end)
        for name, values in columns.items():
            assert found[name].tolist() == values[first:end] == (
                dataset.values(name)[first:end].tolist()
            )  # fmt: skip
    encoder = Encoder({str(at): fed(one) for at, one in enumerate(dataset.schema.columns)})
    encoder.fit(dataset, np.arange(5))
    trained = encoder.inputs(dataset, np.arange(6))
    records = [{name: values[row] for name, values in columns.items()} for row in range(6)]
    raw = columns_of(records, encoder.columns)
    for at, feed in encoder.feeds.items():
        assert feed.encode(raw).tobytes() == trained[at].tobytes()


def taken(content: bytes, folder: Path) -> Dataset:
    """The dataset as the service reads it; its answer names all columns wherever it speaks."""
    (folder / "upload").write_bytes(content)
    payload = {"path": str(folder / "upload"), "filename": None, "out": str(folder / "out")}
    answer = read.run(payload, Recorder())
    named = [column["name"] for column in answer["schema"]["columns"]]
    assert all(list(line) == named for line in answer["preview"])
    statistics = json.loads((folder / "out" / "statistics.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in statistics] == named
    return Dataset(folder / "out")
