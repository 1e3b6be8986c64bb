"""The ways to learn columns beyond one class or one number."""

import json
import math
from typing import Any

import numpy as np
import pytest

from engine.dataset.schema import Column
from engine.faults import Fault
from engine.targets import WAYS, TargetEncoding, label_encoding

TAGS = Column("tags", "category", "string", distinct=3, categories=["a", "a|b", "c | b"])
RED, BIG = (Column(name, "boolean", "boolean", distinct=2, categories=["false", "true"])
            for name in ("red", "big"))  # fmt: skip
MARKS = Column("mark", "category", "string", distinct=3, categories=["fair", "good", "poor"])
PRICE = Column("price", "number", "float64", distinct=90)
WEIGHT = Column("weight", "integer", "int64", distinct=2000)
RATING = Column("rating", "integer", "int64", distinct=3, categories=["1", "2", "5"])


def strings(*values: Any) -> np.ndarray:
    return np.array(values, dtype=object)


def encoded(columns: list[Column], name: str | None = None, units: int = 1, **arguments: Any):  # type: ignore[no-untyped-def]
    loss = arguments.pop("loss", "binary_crossentropy")
    logits = arguments.pop("logits", False)
    way = WAYS[name].model_validate(arguments) if name else None
    return TargetEncoding.make(columns, loss, logits, (units,), way)


def again(target: TargetEncoding) -> TargetEncoding:
    return TargetEncoding.from_json(json.loads(json.dumps(target.to_json(), allow_nan=False)))


def test_labels_joined_in_a_text() -> None:
    target = encoded([TAGS], "multi_label", 3)
    assert target.classes == ["a", "b", "c"]
    values = strings("b|a", None, "c", "b | b|")
    assert target.transform(values).tolist() == [[1, 1, 0], [0, 0, 0], [0, 0, 1], [0, 1, 0]]
    (answer,) = again(target).answers(np.array([[0.9, 0.2, 0.5]]))
    assert answer == {"labels": ["a", "c"], "scores": {"a": 0.9, "b": 0.2, "c": 0.5}}
    with pytest.raises(Fault, match="'d'"):
        target.transform(strings("a|d"))
    careful = encoded([TAGS], "multi_label", 3, threshold=0.8, logits=True)
    assert again(careful).answers(np.array([[2.0, 1.0, math.nan]]))[0]["labels"] == ["a"]


def test_columns_of_yes_and_no_are_labels() -> None:
    target = encoded([RED, BIG], None, 2)
    assert (target.form, target.classes) == ("multi_label", ["red", "big"])
    values = [np.array([True, False]), np.array([True, True])]
    assert target.transform(values).tolist() == [[1, 1], [0, 1]]


def test_an_order_of_classes() -> None:
    target = encoded([MARKS], "ordinal", 2, order=["poor", "fair", "good"])
    y = target.transform(strings("good", "poor", "fair"))
    assert y.tolist() == [[1, 1], [0, 0], [1, 0]]
    assert target.truth(y).tolist() == [2, 0, 1]
    first, second = again(target).answers(np.array([[0.9, 0.7], [0.3, 0.4]]))
    assert first["label"] == "good"
    assert first["scores"] == pytest.approx({"poor": 0.1, "fair": 0.2, "good": 0.7})
    assert second["label"] == "poor"
    assert sum(second["scores"].values()) == pytest.approx(1)
    assert min(second["scores"].values()) >= 0
    numbers = encoded([RATING], "ordinal", 2)
    assert numbers.answers(np.array([[1.0, 1.0]]))[0]["label"] == 5


def test_labels_that_are_none_of_the_classes() -> None:
    tags = encoded([TAGS], "multi_label", 3)
    marks = encoded([MARKS], "ordinal", 2, order=["poor", "fair", "good"])
    assert tags.unknown([strings("a|d", None, "c", "e|f")]) == ["d", None, None, "e"]
    assert marks.unknown([strings("good", "bad")]) == [None, "bad"]
    assert encoded([MARKS], loss="mse", units=3).unknown([strings("x", "fair")]) == ["x", None]
    assert encoded([RED, BIG], None, 2).unknown([np.array([True, False])] * 2) == [None, None]
    assert encoded([PRICE], loss="mse").unknown([np.array([1.0, 2.0])]) == [None, None]


@pytest.mark.parametrize("scale", ["standard", "log"])
def test_scaled_numbers_come_back_in_their_units(scale: str) -> None:
    target = encoded([PRICE], "number", scale=scale, loss="mse")
    values = np.array([10.0, 1000.0, -5.0, 250_000.0])
    target.fit([values])
    y = target.transform(values)
    assert y.mean() == pytest.approx(0, abs=1e-6)
    assert y.std() == pytest.approx(1, rel=1e-6)
    assert target.truth(y)[:, 0] == pytest.approx(values, rel=1e-4, abs=0.01)
    answers = again(target).answers(y)
    assert [one["value"] for one in answers] == pytest.approx(values.tolist(), rel=1e-4, abs=0.01)
    assert again(target).answers(np.array([[1e30]]))[0]["value"] > 1e15


def test_several_numbers_for_one_output() -> None:
    target = encoded([PRICE, WEIGHT], None, 2, loss="mse")
    values = [np.array([1.5, 2.5]), np.array([3, 4])]
    assert target.transform(values).tolist() == [[1.5, 3.0], [2.5, 4.0]]
    assert target.answers(np.array([[1.5, 3.0]])) == [{"values": {"price": 1.5, "weight": 3.0}}]
    scaled = encoded([PRICE, WEIGHT], "number", 2, scale="standard", loss="mse")
    scaled.fit(values)
    y = scaled.transform(values)
    assert y.tolist() == [[-1, -1], [1, 1]]
    assert again(scaled).answers(y)[1] == {"values": {"price": 2.5, "weight": 4.0}}


def test_a_way_that_is_asked_for_goes_before_what_is_usual() -> None:
    assert label_encoding(RATING, "mse", (1,)) == "raw"
    classes = encoded([RATING], "classes", 3, loss="sparse_categorical_crossentropy")
    assert classes.classes == [1, 2, 5]
    backwards = encoded([MARKS], "classes", 3, order=["poor", "fair", "good"], loss="mse")
    assert backwards.transform(strings("good")).tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    ("columns", "name", "arguments", "said"),
    [
        ([TAGS, PRICE], None, {}, "several columns"),
        ([PRICE], "multi_label", {}, "kind number"),
        ([TAGS, MARKS], "multi_label", {}, "must all be boolean"),
        ([Column("t", "text", "string")], "multi_label", {}, "'labels'"),
        ([TAGS], "multi_label", {"labels": ["a", "b"]}, "lacks 'c'"),
        ([MARKS], "ordinal", {}, "Say the order"),
        ([MARKS], "ordinal", {"order": ["poor", "good"]}, "lacks 'fair'"),
        ([MARKS], "classes", {"order": ["poor", "good"]}, "lacks 'fair'"),
        ([MARKS, TAGS], "classes", {}, "one column"),
        ([Column("x", "tensor", "float32", shape=[2])], "number", {"scale": "log"}, "'scale'"),
    ],
)
def test_what_cannot_be_learned_so(columns, name, arguments, said) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        encoded(columns, name, **arguments)


@pytest.mark.parametrize("name", sorted(WAYS))
def test_every_way_is_explained(name: str) -> None:
    assert len((WAYS[name].__doc__ or "").split()) > 20
    assert all(field.description for field in WAYS[name].model_fields.values())
