"""What scripts do with rows; the source of these functions goes into them."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from engine.encodings._base import Values, as_text, missing
from engine.splits._parts import Parts


def complete(columns: dict[str, Values], needed: list[str]) -> Values:
    """The numbers of the rows that have a target and a weight."""
    good = np.ones(len(next(iter(columns.values()))), bool)
    for name in needed:
        if columns[name].ndim == 1:
            good &= ~missing(columns[name])
    return np.flatnonzero(good)


def labels_of(values: Values, kind: str) -> Values:
    """What a split goes by: words as they are, all else as numbers in the order of the values."""
    texts = np.array(as_text(values))
    if kind == "words":
        return texts
    if kind == "column" and values.dtype.kind in "iufb":
        return values
    return np.unique(texts, return_inverse=True)[1]


def split_column(labels: Values, words: dict[str, tuple[str, ...]]) -> Parts:
    """Each row is in the part that its word names; `words` are those of each part."""
    said = [str(label).strip().lower() for label in labels]
    return Parts(**{part: np.flatnonzero(np.isin(said, known)) for part, known in words.items()})


def class_numbers(values: Values, classes: list[str]) -> Values:
    """int32[rows]: the number of each row's class."""
    place: dict[str | None, int] = {text: number for number, text in enumerate(classes)}
    return np.array([place[text] for text in as_text(values)], np.int32)


def steps_of(numbers: Values, classes: int) -> Values:
    """float32[rows, classes - 1]: 1 for each step of the order that a row's class is above."""
    return (numbers[:, None] > np.arange(classes - 1)).astype(np.float32)


def labels_in(values: Values, labels: list[str], between: str) -> Values:
    """float32[rows, labels]: 1 for each label that the text of a row lists."""
    place = {label: number for number, label in enumerate(labels)}
    out: Values = np.zeros((len(values), len(labels)), np.float32)
    for row, text in enumerate(as_text(values)):
        for label in filter(None, (part.strip() for part in (text or "").split(between))):
            out[row, place[label]] = 1
    return out


def class_factors(numbers: Values, classes: list[str], wanted: Any) -> Values:
    """float32[rows]: how much each row counts by its class; `wanted` is "balanced" or weights."""
    if wanted == "balanced":
        counts = np.bincount(numbers, minlength=len(classes))
        factors = len(numbers) / (int((counts > 0).sum()) * np.maximum(counts, 1))
    else:
        factors = np.array([float(wanted.get(label, 1)) for label in classes])
    return factors.astype(np.float32)[numbers]


def together(parts: list[Values]) -> Values:
    """The columns of one Input along the last axis; of several dtypes as float32."""
    if len({part.dtype for part in parts}) > 1:
        parts = [part.astype(np.float32) for part in parts]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)


def batches(tensors: Any, rows: int, size: int, seed: int, shuffle: bool) -> Iterator[Any]:
    """Batches without end, epoch after epoch, in the order in which the service visits the rows."""
    epoch = 0
    while True:
        order = np.arange(rows)
        if shuffle:
            order = np.random.default_rng([seed, epoch]).permutation(rows)
        for start in range(0, rows, size):
            yield picked(tensors, order[start : start + size])
        epoch += 1


def picked(value: Any, rows: Values) -> Any:
    """These rows of an array, or of every array in a dict or a tuple."""
    if isinstance(value, dict):
        return {name: picked(one, rows) for name, one in value.items()}
    return tuple(picked(one, rows) for one in value) if isinstance(value, tuple) else value[rows]


def strings(value: Any) -> Any:
    """Texts as tensors, for Keras takes no arrays of them; all else as it is."""
    if isinstance(value, dict):
        return {name: strings(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(strings(one) for one in value)
    texts = value.dtype == object
    return keras.ops.convert_to_tensor(value.tolist(), dtype="string") if texts else value


def named(name: str, made: Any) -> Any:
    """What an operation has made, the operation with this name instead of one of Keras's own."""
    for tensor in keras.tree.flatten(made):
        tensor._keras_history.operation.name = name
    return made
