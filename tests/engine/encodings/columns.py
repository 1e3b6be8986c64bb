"""One small column of every kind, with three rows of raw values."""

from typing import Any

import numpy as np

from engine.dataset.schema import Column


def objects(*values: Any) -> np.ndarray:
    """An object array of these values."""
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
    "date": (
        Column("d", "date", "date", missing=1, distinct=2),
        objects("2024-02-29", None, "2021-12-31"),
    ),
    "tensor": (
        Column("a", "tensor", "uint8", shape=[2, 2]),
        np.arange(12, dtype=np.uint8).reshape(3, 2, 2),
    ),
    "image": (Column("p", "image", "uint8", shape=[5, 4, 3]), PICTURES),
}
