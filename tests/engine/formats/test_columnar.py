"""Typed tables: Parquet and Arrow keep their types, and lists become arrays."""

import datetime
import io
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from tests.engine.formats.test_contract import take

TABLE = pl.DataFrame(
    {
        "whole": [1, 2, None],
        "small": pl.Series([0.5, 1.5, 2.5], dtype=pl.Float32),
        "yes": [True, False, True],
        "word": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
        "price": pl.Series(["1.50", "2.25", "3.00"]).cast(pl.Decimal(10, 2)),
        "day": [datetime.date(2024, 1, day) for day in (1, 2, 3)],
        "grid": pl.Series([[[1, 2], [3, 4]]] * 3, dtype=pl.Array(pl.Int16, (2, 2))),
        "list": [[1.0, None], [2.0, 3.0], [4.0, 5.0]],
    }
)


def written(table: pl.DataFrame, form: str) -> bytes:
    file = io.BytesIO()
    (table.write_parquet if form == "parquet" else table.write_ipc)(file)
    return file.getvalue()


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_types_are_kept(tmp_path: Path, form: str) -> None:
    found = take(tmp_path, written(TABLE, form), f"table.{form}")
    assert found["format"] == form
    kinds = {column["name"]: column["kind"] for column in found["schema"]["columns"]}
    assert kinds == {
        **{"whole": "integer", "small": "number", "yes": "boolean", "word": "category"},
        **{"price": "number", "day": "date", "grid": "tensor", "list": "tensor"},
    }
    dataset = Dataset(tmp_path / "out")
    assert dataset.values("grid").tolist() == [[[1, 2], [3, 4]]] * 3
    assert np.isnan(dataset.values("list")[0, 1])
    assert dataset.values("price").tolist() == [1.5, 2.25, 3.0]


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ([[1, 2], [3]], "different lengths"),
        ([{"a": 1}, {"a": 2}], "Struct"),
        ([b"x", b"y"], "Binary"),
        ([["a"], ["b"]], "arrays hold numbers"),
        ([[1], None], "rows have none"),
    ],
)
def test_what_cannot_be_kept_is_named(tmp_path: Path, column: list[Any], words: str) -> None:
    table = pl.DataFrame({"fine": [1, 2], "odd": column})
    with pytest.raises(Fault, match=words) as caught:
        take(tmp_path, written(table, "parquet"))
    assert "'odd'" in caught.value.detail


def test_a_bomb_is_refused_by_what_it_says_of_itself(tmp_path: Path) -> None:
    """Sixteen million equal numbers take a few kilobytes; they are not unpacked."""
    table = pl.select(pl.repeat(0, 16_000_000, dtype=pl.Int64).alias("zeros"))
    content = written(table, "parquet")
    assert len(content) < 200_000
    with pytest.raises(Fault, match="unpacked") as caught:
        take(tmp_path, content, expanded_bytes=1_000_000)
    assert caught.value.items[0].code == "too-large"


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_flat_tables_are_taken_in_as_those_with_arrays(tmp_path: Path, form: str) -> None:
    """Piece by piece or whole, the values and their types are the same."""
    moments = pl.datetime_range(
        datetime.datetime(2024, 1, 1), datetime.datetime(2024, 1, 3), "1d", time_zone="Asia/Tokyo",
        eager=True,
    )  # fmt: skip
    table = TABLE.drop("grid", "list").with_columns(
        pl.Series("empty", [None] * 3, dtype=pl.Null), moments.alias("when"),
        pl.Series("huge", [2**63, 1, None], dtype=pl.UInt64),
    )  # fmt: skip
    for folder, whole in (("flat", table), ("arrays", table.with_columns(TABLE["grid"]))):
        (tmp_path / folder).mkdir()
        take(tmp_path / folder, written(whole, form), f"table.{form}")
    flat, arrays = (pl.read_parquet(tmp_path / name / "out" / "table.parquet") for name in
                    ("flat", "arrays"))  # fmt: skip
    assert flat.schema == arrays.schema
    assert flat.equals(arrays)
    long = table.with_columns(pl.Series("text", ["a", "x" * 70_000, None]))
    (tmp_path / "long").mkdir()
    with pytest.raises(Fault, match="cell of 'text'"):
        take(tmp_path / "long", written(long, form), f"table.{form}")
