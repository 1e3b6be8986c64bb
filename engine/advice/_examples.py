"""Payloads of a check, small and complete, for the examples of rules."""

from typing import Any

from engine.dataset.schema import Column, Schema

Layer = dict[str, Any]
_DIGITS = [str(number) for number in range(10)]


def number(name: str, low: float = 0.0, high: float = 1.0) -> Column:
    """A column of numbers between two bounds."""
    middle, spread = (low + high) / 2, (high - low) / 4
    return Column(name, "number", "float64", None, 0, 90, None, low, high, mean=middle, std=spread)


def classes(name: str, *values: str) -> Column:
    """A column of categories."""
    return Column(name, "category", "str", distinct=len(values), categories=sorted(values))


def tensor(name: str, *shape: int, dtype: str = "float32", high: float = 1.0) -> Column:
    """A column of arrays with values from 0 to a bound."""
    sizes: list[int | None] = list(shape)
    return Column(name, "tensor", dtype, sizes, minimum=0.0, maximum=high, mean=high / 2, std=high)


def text(name: str) -> Column:
    """A column of free text."""
    return Column(name, "text", "str", distinct=4000)


def image(*shape: int) -> Column:
    """A column of pictures of one size."""
    return Column("image", "image", "uint8", shape=list(shape))


_NUMBERS = [number("length"), number("width")]
FLOWERS = Schema(5000, [*_NUMBERS, classes("label", "a", "b", "c")])
"""Two numbers and one of three classes."""
COINS = Schema(5000, [*_NUMBERS, classes("label", "heads", "tails")])
"""Two numbers and one of two classes."""
PRICES = Schema(5000, [*_NUMBERS, number("label", -5.0, 250.0)])
"""Two numbers and a number to learn."""
PICTURES = Schema(5000, [image(28, 28, 1), classes("label", *_DIGITS)])
"""Pictures of digits."""
REVIEWS = Schema(5000, [text("review"), classes("label", "bad", "good")])
"""Texts of two classes."""
SERIES = Schema(5000, [tensor("window", 100, 4), number("label", -5.0, 250.0)])
"""Windows of 100 steps and a number to learn."""


def layer(class_name: str, **arguments: Any) -> Layer:
    """A layer."""
    return {"class_name": class_name, **arguments}


def dense(units: int, activation: str | None = "relu", **more: Any) -> Layer:
    """A Dense layer."""
    return layer("Dense", units=units, **({"activation": activation} if activation else {}), **more)


def data(*shape: int, **more: Any) -> Layer:
    """An Input."""
    return layer("Input", shape=list(shape), **more)


def alone(*layers: Layer, **sections: Any) -> dict[str, Any]:
    """A stack without data."""
    return {"stack": list(layers), **sections}


def on(schema: Schema, *layers: Layer, **sections: Any) -> dict[str, Any]:
    """A stack that learns the column `label`; sections of the body may be added."""
    more = sections.pop("data", {})
    return {
        "stack": list(layers),
        "data": {"dataset": "ds_1", "target": "label", **more},
        "schema": schema.to_json(),
        **sections,
    }


def raw_input(encoding: Any, *columns: str) -> dict[str, Any]:
    """A `data` section that says how the columns of the one Input are encoded."""
    return {"inputs": {"input": {"columns": list(columns), "encoding": encoding}}}
