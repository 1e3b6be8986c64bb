"""Schema, inference, the canonical form and previews."""

import base64
import io
import json
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.dataset.canonical import Dataset, write
from engine.dataset.content import Content, Pictures
from engine.dataset.description import class_counts, describe
from engine.dataset.inference import few, infer
from engine.dataset.limits import Limits
from engine.dataset.preview import preview, thumbnail
from engine.dataset.schema import Column, Schema
from engine.faults import Fault


def content() -> Content:
    rng = np.random.default_rng(0)
    shapes = np.array([[2, 3, 1], [4, 200, 3], [1, 1, 4]], np.int32)
    sizes = shapes.prod(axis=1).sum()
    return Content(
        names=["picture", "n", "array", "when", "flag", "word"],
        table=pl.DataFrame(
            {
                "n": pl.Series([3, None, 2**60], dtype=pl.Int64),
                "when": [date(2024, 1, 2), None, date(2024, 5, 6)],
                "flag": [True, None, False],
                "word": ["é", None, "x" * 2000],
            }
        ),
        tensors={"array": np.array([[1.0, np.nan], [2.0, 3.0], [np.inf, 4.0]])},
        images={"picture": Pictures(rng.integers(0, 256, sizes, np.uint8), shapes)},
    )


def test_everything_comes_back_from_disk(tmp_path: Path) -> None:
    made = content()
    schema = describe(made)
    files = write(made, schema, tmp_path)
    assert sorted(files) == sorted(path.name for path in tmp_path.iterdir())
    dataset = Dataset(tmp_path)
    assert dataset.schema == schema
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema
    rows = np.array([2, 0])
    pictures = dataset.values("picture", rows)
    assert [picture.shape for picture in pictures] == [(1, 1, 4), (2, 3, 1)]
    assert np.array_equal(pictures[1], made.images["picture"].take(rows)[1])
    assert np.array_equal(dataset.values("array"), made.tensors["array"], equal_nan=True)
    numbers = dataset.values("n")
    assert numbers[0] == 3
    assert np.isnan(numbers[1])
    assert dataset.values("flag").tolist() == [True, None, False]
    assert dataset.values("word", np.array([0, 1])).tolist() == ["é", None]
    assert dataset.values("when").tolist()[0] == "2024-01-02"
    with pytest.raises(KeyError):
        dataset.values("nothing")


def test_descriptions() -> None:
    schema = describe(content())
    found = {column.name: column for column in schema.columns}
    assert schema.rows == 3
    assert [column.kind for column in schema.columns] == [
        "image",
        "integer",
        "tensor",
        "date",
        "boolean",
        "category",
    ]
    assert found["picture"].shape == [None, None, None]
    assert found["array"].shape == [2]
    assert found["array"].missing == 2
    assert (found["array"].minimum, found["array"].maximum, found["array"].mean) == (1, 4, 2.5)
    assert found["flag"].categories == ["false", "true"]
    assert found["n"].distinct == 2
    assert schema.index("when") == 3
    assert schema.names[0] == "picture"


def test_integer_columns_count_as_classes_when_few() -> None:
    many = pl.DataFrame({"label": [n % 3 for n in range(900)], "id": list(range(900))})
    made = Content(["label", "id"], many)
    schema = describe(made)
    assert class_counts(made, schema) == {"label": {"0": 300, "1": 300, "2": 300}}
    assert schema.column("id").categories is not None


def test_previews_are_small_json() -> None:
    rows = preview(content())
    json.dumps(rows, allow_nan=False)
    assert rows[0]["array"] == [1.0, None]
    assert rows[1]["n"] is None
    assert rows[0]["when"] == "2024-01-02"
    assert len(rows[2]["word"]) == 1001
    data = base64.b64decode(rows[1]["picture"].removeprefix("data:image/png;base64,"))
    assert max(Image.open(io.BytesIO(data)).size) == 64
    big = Content(["t"], pl.DataFrame(), {"t": np.zeros((30, 65), np.float32)})
    assert len(preview(big)) == 20
    assert preview(big)[0] == {"t": {"shape": [65], "dtype": "float32"}}
    assert thumbnail(np.zeros((2, 2, 1), np.uint8)).startswith("data:image/png")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_numbers_survive_being_written_as_words(numbers: list[float | None]) -> None:
    words = pl.DataFrame(
        {"x": pl.Series([n if n is None else repr(n) for n in numbers], dtype=pl.String)}
    )
    typed = infer(words)["x"]
    if any(number is not None for number in numbers):
        assert typed.dtype == pl.Float64
    assert typed.to_list() == numbers


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-(10**17), 10**17), min_size=1))
def test_integers_survive_being_written_as_words(numbers: list[int]) -> None:
    typed = infer(pl.DataFrame({"x": [str(number) for number in numbers]}))["x"]
    assert typed.dtype == pl.Int64
    assert typed.to_list() == numbers


@pytest.mark.parametrize(
    ("words", "dtype"),
    [
        (["1", "2.5", "x"], pl.String),
        (["None", "a"], pl.String),
        (["2024-01-01", "2024-13-01"], pl.String),
        (["2024-01-01T10:00:00", "2024-01-02 11:30"], pl.Datetime("us")),
        (["2024-01-01T10:00:00Z", "2024-01-02T11:30:00Z"], pl.Datetime("us")),
        (["TRUE", " false "], pl.Boolean),
        (["+1", "-2"], pl.Int64),
        (["1e3", "inf"], pl.Float64),
        (["12345678901234567890"], pl.Float64),
    ],
)
def test_inference(words: list[str], dtype: pl.DataType) -> None:
    assert infer(pl.DataFrame({"x": words}))["x"].dtype == dtype


def test_few() -> None:
    assert (few(10), few(100), few(10_000)) == (20, 20, 200)


def test_limits_say_what_was_received() -> None:
    limits = Limits.from_json({"rows": 5})
    limits.check("rows", 5, "Rows")
    with pytest.raises(Fault, match="Rows: 1,000; the limit is 5"):
        limits.check("rows", 1000, "Rows")


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Column("x", "complex", "complex64")  # type: ignore[arg-type]
