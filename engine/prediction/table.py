"""The predictions for a whole dataset as a table: a row each, labels and scores, or numbers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.dataset.canonical import Dataset, Rows
from engine.dataset.content import Array
from engine.dataset.windows import Windows, lay_out
from engine.faults import Fault
from engine.prediction.predictor import Predictor
from engine.targets import TargetEncoding

if TYPE_CHECKING:
    import polars as pl

_CHUNK = 4096
_MOST_NUMBERS = 1024


def tables(predictor: Predictor, dataset: Dataset) -> Iterator["pl.DataFrame"]:
    """The table, some thousand rows at a time.

    `row` counts the dataset's rows from 0. For classes there are `label` (`labels` as JSON, where
    a row may have several) and a `score_…` for each; else `value`, `value_NAME` for each of
    several columns, or `value_0`, `value_1`, … in the order of the flattened output. With
    several outputs each name begins with the output's. A network of windows gives an answer for
    every window; `row` is its last. Raises Fault("data-error").
    """
    import polars as pl

    dataset.preload(predictor.encoder.columns)
    for rows, x in _encoded(predictor, dataset):
        found: dict[str, Any] = {"row": rows}
        for name, values in predictor.raw_outputs(x).items():
            prefix = f"{name}." if len(predictor.outputs) > 1 else ""
            columns = _columns(predictor.encoder.targets[name], values)
            found |= {prefix + column: numbers for column, numbers in columns.items()}
        yield pl.DataFrame(found, infer_schema_length=None)


def count(predictor: Predictor, dataset: Dataset) -> int:
    """How many answers there will be."""
    window = predictor.encoder.window
    if window is None:
        return dataset.schema.rows
    return len(lay_out(dataset, replace(window, horizon=0, stride=1)).starts)


def _encoded(predictor: Predictor, dataset: Dataset) -> Iterator[tuple[Rows, dict[str, Array]]]:
    encoder = predictor.encoder
    if encoder.window is None:
        for start in range(0, dataset.schema.rows, _CHUNK):
            rows = np.arange(start, min(start + _CHUNK, dataset.schema.rows))
            yield rows, encoder.inputs(dataset, rows)
        return
    # What lies ahead of the last rows is what one wants to know: no target need be there.
    layout = lay_out(dataset, replace(encoder.window, horizon=0, stride=1))
    encoded = encoder.inputs(dataset, layout.order)
    for start in range(0, len(layout.starts), _CHUNK):
        part = layout.take(np.arange(start, min(start + _CHUNK, len(layout.starts))))
        length = encoder.window.length
        yield (
            part.lasts,
            {name: Windows(base, part.starts, length)[:] for name, base in encoded.items()},
        )


def _columns(target: TargetEncoding, outputs: Array) -> dict[str, Any]:
    """The answers to some rows as columns."""
    size = int(np.prod(outputs.shape[1:]))
    if not target.classes and size > _MOST_NUMBERS:
        raise Fault(
            "data-error",
            f"An answer holds {size} numbers; a table takes {_MOST_NUMBERS} at most.",
        )
    lines = [_line(answer) for answer in target.answers(outputs)]
    return {name: [line[name] for line in lines] for name in lines[0]}


def _line(answer: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {}
    for key, value in answer.items():
        if key == "scores":
            line |= {f"score_{name}": score for name, score in value.items()}
        elif key == "values":
            line |= {f"value_{name}": number for name, number in value.items()}
        elif key == "labels":
            line[key] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, list):
            flat = np.array(value, dtype=object).ravel().tolist()
            line |= {f"{key}_{place}": number for place, number in enumerate(flat)}
        else:
            line[key] = value
    return line
