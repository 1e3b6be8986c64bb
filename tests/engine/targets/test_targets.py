"""Targets: the form a loss takes, and the way back to labels."""

import json
import math

import numpy as np
import pytest

from engine.dataset.schema import Column
from engine.faults import Fault
from engine.targets import TargetEncoding, label_encoding

THREE = Column("c", "category", "string", distinct=3, categories=["x", "y", "z"])
TWO = Column("c", "category", "string", distinct=2, categories=["no", "yes"])
FLAG = Column("f", "boolean", "boolean", distinct=2, categories=["false", "true"])
WHOLE = Column("i", "integer", "int64", distinct=3, categories=["3", "5", "11"])
BITS = Column("i", "integer", "int64", distinct=2, categories=["0", "1"])
NUMBER = Column("n", "number", "float64", distinct=90)
MANY = Column("w", "category", "string", distinct=2000)


@pytest.mark.parametrize(
    ("column", "loss", "shape", "form"),
    [
        (THREE, "sparse_categorical_crossentropy", (3,), "index"),
        (THREE, "SparseCategoricalCrossentropy", (7,), "index"),
        (THREE, "CategoricalCrossentropy", (3,), "one_hot"),
        (THREE, "kl_divergence", (3,), "one_hot"),
        (THREE, "mean_squared_error", (3,), "one_hot"),
        (TWO, "binary_crossentropy", (1,), "binary"),
        (TWO, "BinaryCrossentropy", (2,), "one_hot"),
        (TWO, "mse", (1,), "binary"),
        (FLAG, "hinge", (1,), "binary"),
        (WHOLE, "sparse_categorical_crossentropy", (3,), "index"),
        (WHOLE, "mean_squared_error", (1,), "raw"),
        (BITS, "binary_crossentropy", (1,), "binary"),
        (BITS, "mean_absolute_error", (1,), "raw"),
        (NUMBER, "mse", (1,), "raw"),
        (Column("t", "tensor", "float32", shape=[4]), "mse", (4,), "raw"),
    ],
)
def test_forms(column: Column, loss: str, shape: tuple[int, ...], form: str) -> None:
    assert label_encoding(column, loss, shape) == form


@pytest.mark.parametrize(
    ("column", "loss", "shape"),
    [
        (THREE, "mse", (1,)),
        (MANY, "sparse_categorical_crossentropy", (2000,)),
        (Column("t", "text", "string"), "mse", (1,)),
        (Column("p", "image", "uint8", shape=[2, 2, 1]), "mse", (1,)),
    ],
)
def test_targets_that_cannot_be(column: Column, loss: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"'{column.name}'"):
        label_encoding(column, loss, shape)


def strings(*values: str) -> np.ndarray:
    return np.array(values, dtype=object)


def test_what_the_loss_takes() -> None:
    index = TargetEncoding.make(THREE, "sparse_categorical_crossentropy", False, (3,))
    assert index.transform(strings("z", "x")).tolist() == [2, 0]
    hot = TargetEncoding.make(THREE, "categorical_crossentropy", False, (3,))
    assert hot.transform(strings("z", "x")).tolist() == [[0, 0, 1], [1, 0, 0]]
    binary = TargetEncoding.make(FLAG, "binary_crossentropy", False, (1,))
    assert binary.transform(np.array([True, False])).tolist() == [[1.0], [0.0]]
    whole = TargetEncoding.make(WHOLE, "sparse_categorical_crossentropy", False, (3,))
    assert whole.transform(np.array([11, 3])).tolist() == [2, 0]
    assert whole.classes == [3, 5, 11]
    raw = TargetEncoding.make(NUMBER, "mse", False, (1,))
    assert raw.transform(np.array([1.5, 2])).tolist() == [[1.5], [2.0]]


def test_bad_target_values_are_data_errors() -> None:
    index = TargetEncoding.make(THREE, "sparse_categorical_crossentropy", False, (3,))
    with pytest.raises(Fault, match="lacks: w"):
        index.transform(strings("z", "w"))
    raw = TargetEncoding.make(NUMBER, "mse", False, (1,))
    with pytest.raises(Fault, match="no numbers"):
        raw.transform(np.array([1.0, math.nan]))


@pytest.mark.parametrize(
    ("column", "loss", "units", "logits", "outputs", "label", "score"),
    [
        (THREE, "sparse_categorical_crossentropy", 3, False, [0.1, 0.7, 0.2], "y", 0.7),
        (WHOLE, "sparse_categorical_crossentropy", 3, True, [0, math.log(3), 0], 5, 0.6),
        (TWO, "binary_crossentropy", 1, False, [0.25], "no", 0.75),
        (FLAG, "binary_crossentropy", 1, True, [math.log(4)], True, 0.8),
        (BITS, "binary_crossentropy", 1, False, [0.9], 1, 0.9),
        (TWO, "squared_hinge", 1, False, [-0.8], "no", 0.9),
        (TWO, "hinge", 1, False, [3.0], "yes", 1.0),
    ],
)
def test_answers(column, loss, units, logits, outputs, label, score) -> None:  # type: ignore[no-untyped-def]
    target = TargetEncoding.make(column, loss, logits, (units,))
    again = TargetEncoding.from_json(json.loads(json.dumps(target.to_json())))
    (answer,) = again.answers(np.array([outputs], np.float32))
    assert answer["label"] == label
    assert type(answer["label"]) is type(label)
    assert max(answer["scores"].values()) == pytest.approx(score)
    assert sum(answer["scores"].values()) == pytest.approx(1)


def test_numbers_are_answered_as_values() -> None:
    target = TargetEncoding.make(NUMBER, "mse", False, (1,))
    assert target.answers(np.array([[1.5], [2.5]])) == [{"value": 1.5}, {"value": 2.5}]
    broken = target.answers(np.array([[math.nan], [math.inf]]))
    assert broken == [{"value": None}, {"value": None}]
    tensor = TargetEncoding("t", "raw")
    assert tensor.answers(np.array([[1.0, 2.0]])) == [{"value": [1.0, 2.0]}]
