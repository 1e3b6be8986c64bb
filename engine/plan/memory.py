"""How much memory training and evaluation take, estimated from exact counts."""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import keras

from engine.arrays import room
from engine.dataset.schema import Schema

from .layer import Totals, item_bytes

Shape = tuple[int | None, ...]

RUNTIME_BYTES = 110 * 2**20
"""What the child that trains a tiny network grows by: threads, graphs, tracing. Measured."""

_STAND_IN = (64, 64)
_TEMPORARIES = 3
_COPIES = 2
_CHUNKS = 8
"""Chunks at a time: raw, encoded and being written; or gathered, waiting and in use."""
_NUMBER, _TEXT = 32, 150
_ORDER = 4 * 8
"""Bytes for each row: its number, its place in the order, and both while the order is drawn."""


def _bytes(variables: list[Any]) -> int:
    return sum(prod(variable.shape) * item_bytes(str(variable.dtype)) for variable in variables)


def slots(optimizer: Any) -> float:
    """Bytes that an optimizer keeps for each byte of trainable weight.

    Measured: the optimizer is built for one small matrix and what it made is counted. (Building
    it for the real weights would allocate them.)
    """
    matrix = keras.Variable(keras.ops.zeros(_STAND_IN), name="stand_in")
    optimizer.build([matrix])
    made = [variable for variable in optimizer.variables if len(variable.shape) > 0]
    return _bytes(made) / _bytes([matrix])


def estimate(
    layers: list[Any], totals: Totals, optimizer: Any, batch_size: int, data_bytes: int
) -> dict[str, int]:
    """Bytes by what they are for, and `total_bytes`, the most that a training holds at a time.

    `train_bytes`: weights, a gradient and the optimizer's slots for each trainable one, what
    making and updating the largest of them takes besides, and for each row of the batch every
    activation once forward and once backward with the workspace of its layer, which is `row_bytes`.
    `evaluate_bytes`: weights, and the largest activation with its successor for each row.
    `data_bytes` are the encoded rows, `runtime_bytes` what TensorFlow holds for any training. On a
    CPU; a GPU holds the data and the runtime in main memory.
    """
    made = [layer for layer in layers if isinstance(layer, keras.Layer)]
    weights = _unique([weight for layer in made for weight in layer.weights])
    learned = _bytes(_unique([weight for layer in made for weight in layer.trainable_weights]))
    held = _bytes(weights)
    largest = max((_bytes([weight]) for weight in weights), default=0)
    each = 2 * totals.activation_bytes + totals.workspace_bytes
    train = held + learned + int(learned * slots(optimizer))
    train += _TEMPORARIES * largest + batch_size * each
    return {
        "train_bytes": train,
        "row_bytes": each,
        "evaluate_bytes": held + 2 * batch_size * totals.largest_bytes,
        "data_bytes": data_bytes,
        "runtime_bytes": RUNTIME_BYTES,
        "total_bytes": train + data_bytes + RUNTIME_BYTES,
    }


def encoded_bytes(tensors: Iterable[tuple[Shape, str]], rows: int | None, column: int = 0) -> int:
    """Bytes of so many encoded rows: in NumPy, and once more as TensorFlow takes them.

    Rows that are too many for that stay on disk. What is held of them are some chunks, their order,
    and, while the encodings learn, a column in raw form of which a value takes `column` bytes.
    """
    each = sum(
        prod(size or 1 for size in shape) * item_bytes(str(dtype)) for shape, dtype in tensors
    )
    count = rows or 0
    if each * count <= room.HELD_BYTES:
        return _COPIES * each * count
    return _CHUNKS * room.CHUNK_BYTES + count * (_ORDER + column)


def raw_bytes(schema: Schema | None, inputs: Mapping[str, Any]) -> int:
    """The most that a value of these inputs' flat columns takes while its encoding learns."""
    if schema is None:
        return 0
    columns = [schema.column(name) for given in inputs.values() for name in given["columns"]]
    numbers = ("number", "integer", "boolean")
    return max(
        (_NUMBER if one.kind in numbers else _TEXT for one in columns if one.flat), default=0
    )


def _unique(variables: list[Any]) -> list[Any]:
    return list({id(variable): variable for variable in variables}.values())
