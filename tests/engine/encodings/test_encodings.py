"""What every encoding promises, and what each adds."""

import json
from typing import Any

import numpy as np
import pytest

from engine.dataset.schema import Column
from engine.encodings import ENCODINGS, automatic, encoding_from_json, left_out, made
from engine.encodings._base import Encoding
from engine.faults import Fault
from tests.engine.encodings.columns import COLUMNS, objects

ARGUMENTS: dict[str, dict[str, dict[str, Any]]] = {
    "ordinal": {
        "category": {"order": ["y", "x"]},
        "integer": {"order": ["-1", "2", "10"]},
        "boolean": {"order": ["false", "true"]},
    }
}
"""What encodings cannot do without, by kind of column."""
CASES = [
    (name, kind)
    for name, encoding in ENCODINGS.items()
    for kind in sorted(encoding.kinds)
    if not (name == "raw" and kind == "number")
]


def fitted(name: str, kind: str, **arguments: Any) -> Encoding:
    column, values = COLUMNS[kind]
    encoding = made(name, **arguments)
    encoding.fit(values, column)
    return encoding


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_shape_dtype_and_state_are_as_stated(name: str, kind: str) -> None:
    column, values = COLUMNS[kind]
    encoding = made(name, **ARGUMENTS.get(name, {}).get(kind, {}))
    assert encoding.complaint(column) is None
    shape, dtype = encoding.output(column)
    encoding.fit(values, column)
    encoded = encoding.transform(values)
    assert encoded.shape == (3, *shape)
    assert encoded.dtype == (object if dtype == "string" else np.dtype(dtype))
    written = json.loads(json.dumps({**encoding.to_json(), "state": encoding.state()}))
    again = encoding_from_json(written).transform(values)
    assert np.array_equal(encoded, again)
    assert encoding_from_json(encoding.to_json()).to_json() == encoding.to_json()
    size = encoding.vocabulary_size(column)
    if size is not None:
        assert dtype.startswith("int")
        assert 0 <= encoded.min() <= encoded.max() < size


@pytest.mark.parametrize("name", sorted(ENCODINGS))
def test_every_encoding_is_explained_and_refuses_other_kinds(name: str) -> None:
    encoding = ENCODINGS[name]
    assert encoding.name == name
    assert len((encoding.__doc__ or "").split()) > 10
    assert all(field.description for field in encoding.model_fields.values())
    arguments = next(iter(ARGUMENTS.get(name, {"": {}}).values()))
    for kind, (column, _) in COLUMNS.items():
        if kind not in encoding.kinds:
            complaint = made(name, **arguments).complaint(column)
            assert complaint is not None
            assert kind in complaint


def test_standard_by_hand() -> None:
    column, values = COLUMNS["number"]
    encoding = ENCODINGS["standard"]()
    encoding.fit(values, column)
    assert encoding.transform(values)[:, 0].tolist() == [-1.0, 0.0, 1.0]
    constant = ENCODINGS["standard"]()
    constant.fit(np.full(4, 7.0), column)
    assert constant.transform(np.array([7.0, 9.0]))[:, 0].tolist() == [0.0, 2.0]


def test_categories_by_hand() -> None:
    for kind, hot, index in (
        ("category", [[0, 1], [0, 0], [1, 0]], [2, 0, 1]),
        ("integer", [[0, 0, 1], [0, 1, 0], [1, 0, 0]], [3, 2, 1]),
        ("boolean", [[0, 1], [1, 0], [0, 1]], [2, 1, 2]),
    ):
        column, values = COLUMNS[kind]
        for name, expected in (("one_hot", hot), ("index", index)):
            encoding = ENCODINGS[name]()
            encoding.fit(values, column)
            assert encoding.transform(values).squeeze().tolist() == expected
            unseen = encoding.transform(np.array([99]))
            assert not unseen.any()


def test_integers_with_gaps_read_as_floats_find_their_categories() -> None:
    column, _ = COLUMNS["integer"]
    encoding = ENCODINGS["index"]()
    encoding.fit(np.array([10, 2, -1]), column)
    assert encoding.transform(np.array([10.0, np.nan])).squeeze().tolist() == [3, 0]


def test_tokens_by_hand() -> None:
    column, values = COLUMNS["text"]
    encoding = encoding_from_json({"class_name": "tokens", "length": 4, "max_tokens": 4})
    encoding.fit(values, column)
    assert encoding.state() == {"words": ["a", "cat"], "length": 4}
    assert encoding.transform(values).tolist() == [[2, 3, 2, 1], [0, 0, 0, 0], [1, 1, 3, 0]]


def test_images_are_resized_and_scaled() -> None:
    column, values = COLUMNS["image"]
    same = ENCODINGS["image"]()
    same.fit(values, column)
    assert np.allclose(same.transform(values)[0] * 255, values[0], atol=1e-3)
    grey = encoding_from_json({"class_name": "image", "height": 3, "width": 6, "channels": 1})
    grey.fit(values, column)
    level = np.full((9, 9, 3), 128, np.uint8)
    assert np.allclose(grey.transform(objects(level)), 128 / 255)
    unscaled = encoding_from_json({**grey.to_json(), "scale": False})
    unscaled.fit(values, column)
    assert np.allclose(unscaled.transform(objects(level)), 128)
    varying = Column("p", "image", "uint8", shape=[None, 4, 3])
    assert "differ in size" in (ENCODINGS["image"]().complaint(varying) or "")
    assert grey.complaint(varying) is None


@pytest.mark.parametrize(
    "bad",
    [
        {"class_name": "image", "height": 0},
        {"class_name": "image", "channels": 2},
        {"class_name": "image", "scale": 3},
        {"class_name": "tokens", "length": 0},
        {"class_name": "tokens", "max_tokens": True},
        {"class_name": "raw", "dtype": "object"},
        {"class_name": "standard", "mean": 3},
        {"class_name": "one_hot", "nonsense": 3},
    ],
)
def test_bad_arguments_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        encoding_from_json(bad)


def test_raw_keeps_values_and_refuses_missing_numbers() -> None:
    _, tensor = COLUMNS["tensor"]
    assert np.array_equal(ENCODINGS["raw"]().transform(tensor), tensor)
    column, values = COLUMNS["number"]
    assert "missing" in (ENCODINGS["raw"]().complaint(column) or "")
    with pytest.raises(Fault, match="1 numbers are missing"):
        ENCODINGS["raw"]().transform(values)
    with pytest.raises(Fault, match="missing"):
        ENCODINGS["raw"]().transform(objects(True, None))
    words, texts = COLUMNS["category"]
    assert ENCODINGS["raw"]().transform(texts)[:, 0].tolist() == ["y", "", "x"]
    for column, dtype in ((words, "int32"), (COLUMNS["integer"][0], "string")):
        assert encoding_from_json({"class_name": "raw", "dtype": dtype}).complaint(column)


@pytest.mark.parametrize(
    ("kind", "consumer", "name", "arguments"),
    [
        ("number", "Dense", "standard", {}),
        ("integer", "Dense", "standard", {}),
        ("integer", "Embedding", "index", {}),
        ("integer", "IntegerLookup", "raw", {"dtype": "int64"}),
        ("boolean", None, "raw", {"dtype": None}),
        ("category", None, "one_hot", {"max_categories": None}),
        ("category", "Embedding", "index", {}),
        ("category", "StringLookup", "raw", {"dtype": None}),
        ("number", "Normalization", "raw", {"dtype": None}),
        ("text", "Embedding", "tokens", {"length": 100, "max_tokens": 10000}),
        ("text", "Dense", "bag_of_words", {"max_tokens": 1000}),
        ("text", "TextVectorization", "raw", {"dtype": None}),
        ("tensor", "Conv1D", "raw", {"dtype": None}),
        ("tensor", "Embedding", "raw", {"dtype": "int32"}),
        ("date", "Dense", "date", {"parts": None, "cycles": True}),
        ("image", "Conv2D", "image", {"height": None, "scale": "unit"}),
        ("image", "Rescaling", "image", {"height": None, "scale": "none"}),
    ],
)
def test_automatic(kind: str, consumer: str | None, name: str, arguments: dict[str, Any]) -> None:
    column = COLUMNS[kind][0]
    if column.distinct is None:
        column = Column(**{**column.to_json(), "distinct": 3})
    encoding = automatic(column, consumer)
    assert encoding is not None
    found = encoding.to_json()
    assert found["class_name"] == name
    assert {key: found[key] for key in arguments} == arguments


def test_many_categories_are_limited_unasked() -> None:
    names = [f"c{number:03}" for number in range(101)]
    column = Column("c", "category", "string", distinct=101, categories=names)
    assert automatic(column, "Dense") == made("one_hot", max_categories=100)
    unlisted = Column("c", "category", "string", distinct=5000)
    assert automatic(unlisted, "Dense") == made("one_hot", max_categories=100)
    assert automatic(unlisted, "Embedding") == made("index", max_categories=1000)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (Column("d", "date", "time", distinct=9), "Times of day"),
        (Column("k", "number", "float64", distinct=1), "same value"),
        (Column("id", "integer", "int64", distinct=50, minimum=1, maximum=50), "identifier"),
        (Column("user_id", "integer", "int64", distinct=50, minimum=1, maximum=999), "identifier"),
        (Column("code", "category", "string", distinct=50), "identifier"),
    ],
)
def test_what_is_left_out_has_a_reason(column: Column, reason: str) -> None:
    assert reason in (left_out(column, rows=50) or "")
    assert automatic(column, rows=50) is None


def test_what_only_looks_like_an_identifier_stays() -> None:
    measured = Column("mass", "integer", "int64", distinct=50, minimum=100, maximum=9000)
    assert left_out(measured, rows=50) is None
    assert left_out(Column("x", "number", "float64", distinct=50), rows=50) is None
