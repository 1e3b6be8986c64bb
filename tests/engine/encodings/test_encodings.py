"""What every encoding promises, and what each adds."""

import json
from typing import Any

import numpy as np
import pytest

from engine.dataset.schema import Column
from engine.encodings import ENCODINGS, automatic, encoding_from_json, left_out
from engine.faults import Fault


def objects(*values: Any) -> np.ndarray:
    out = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        out[place] = value
    return out


RNG = np.random.default_rng(0)
PICTURES = objects(*[RNG.integers(0, 256, (5, 4, 3), np.uint8) for _ in range(3)])
COLUMNS: dict[str, tuple[Column, np.ndarray]] = {
    "number": (Column("n", "number", "float64", missing=1), np.array([1.0, np.nan, 4.0])),
    "integer": (
        Column("i", "integer", "int64", distinct=3, categories=["-1", "2", "10"]),
        np.array([10, 2, -1]),
    ),
    "boolean": (
        Column("b", "boolean", "boolean", distinct=2, categories=["false", "true"]),
        np.array([True, False, True]),
    ),
    "category": (
        Column("c", "category", "string", missing=1, distinct=2, categories=["x", "y"]),
        objects("y", None, "x"),
    ),
    "text": (Column("t", "text", "string"), objects("A cat, a dog.", None, "The cat's cat")),
    "tensor": (
        Column("a", "tensor", "uint8", shape=[2, 2]),
        np.arange(12, dtype=np.uint8).reshape(3, 2, 2),
    ),
    "image": (Column("p", "image", "uint8", shape=[5, 4, 3]), PICTURES),
}
CASES = [
    (name, kind)
    for name, encoding in ENCODINGS.items()
    for kind in sorted(encoding.kinds)
    if not (name == "raw" and kind == "number")
]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_shape_dtype_and_state_are_as_stated(name: str, kind: str) -> None:
    column, values = COLUMNS[kind]
    encoding = ENCODINGS[name]()
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
    for kind, (column, _) in COLUMNS.items():
        if kind not in encoding.kinds:
            complaint = encoding().complaint(column)
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
    encoding.fit(np.array([]), column)
    assert encoding.transform(np.array([10.0, np.nan])).squeeze().tolist() == [3, 0]


def test_tokens_by_hand() -> None:
    column, values = COLUMNS["text"]
    encoding = encoding_from_json({"class_name": "tokens", "length": 4, "max_tokens": 4})
    encoding.fit(values, column)
    assert encoding.state() == {"words": ["a", "cat"]}
    assert encoding.transform(values).tolist() == [[2, 3, 2, 1], [0, 0, 0, 0], [1, 1, 3, 0]]


def test_images_are_resized_and_scaled() -> None:
    column, values = COLUMNS["image"]
    same = ENCODINGS["image"]()
    same.fit(values, column)
    assert np.allclose(same.transform(values)[0] * 255, values[0], atol=1e-3)
    grey = encoding_from_json({"class_name": "image", "height": 3, "width": 6, "channels": 1})
    level = np.full((9, 9, 3), 128, np.uint8)
    assert np.allclose(grey.transform(objects(level)), 128 / 255)
    unscaled = encoding_from_json({**grey.to_json(), "scale": False})
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
    ("kind", "consumer", "shape", "expected"),
    [
        ("number", "Dense", None, {"class_name": "standard"}),
        ("integer", "Dense", None, {"class_name": "standard"}),
        ("integer", "Embedding", None, {"class_name": "index"}),
        ("integer", "IntegerLookup", None, {"class_name": "raw", "dtype": "int64"}),
        ("boolean", None, None, {"class_name": "raw", "dtype": None}),
        ("category", None, None, {"class_name": "one_hot"}),
        ("category", "Embedding", None, {"class_name": "index"}),
        ("category", "StringLookup", None, {"class_name": "raw", "dtype": None}),
        ("number", "Normalization", None, {"class_name": "raw", "dtype": None}),
        ("text", "Embedding", (30,), {"class_name": "tokens", "length": 30, "max_tokens": 10000}),
        ("text", "TextVectorization", (1,), {"class_name": "raw", "dtype": None}),
        ("tensor", "Conv1D", None, {"class_name": "raw", "dtype": None}),
        ("tensor", "Embedding", None, {"class_name": "raw", "dtype": "int32"}),
        (
            "image",
            "Conv2D",
            (8, 9, 1),
            {"class_name": "image", "height": 8, "width": 9, "channels": 1, "scale": True},
        ),
        (
            "image",
            "Rescaling",
            None,
            {
                "class_name": "image",
                "height": None,
                "width": None,
                "channels": None,
                "scale": False,
            },
        ),
    ],
)
def test_automatic(kind: str, consumer: str | None, shape: Any, expected: dict[str, Any]) -> None:
    column = COLUMNS[kind][0]
    if column.distinct is None:
        column = Column(**{**column.to_json(), "distinct": 3})
    encoding = automatic(column, consumer, shape)
    assert encoding is not None
    assert encoding.to_json() == expected


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (Column("d", "date", "date", distinct=9), "Dates"),
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
