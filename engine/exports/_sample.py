"""Rows on which a written form must give what the network gives: held out from training."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.dataset.canonical import Rows
from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.dataset.schema import Schema
from engine.dataset.windows import Layout
from engine.training.compilation import target_columns
from engine.training.parts import Source, divide
from engine.training.tensors import inputs

_MOST_ROWS = 64


@dataclass(frozen=True)
class Sample:
    """Some rows: encoded, with the arithmetic left out, and raw.

    `raw` has one entry, or where the network takes windows one of `length` rows for each window.
    """

    encoded: dict[str, Array]
    plain: dict[str, Array]
    raw: list[dict[str, Array]]

    @property
    def rows(self) -> int:
        """The number of answers."""
        return len(next(iter(self.encoded.values())))

    @classmethod
    def held_out(cls, payload: dict[str, Any], encoder: Encoder, plain: Encoder) -> "Sample":
        """Of the test part, else the validation part, else what was trained on."""
        schema = Schema.from_json(payload["schema"])
        asked = target_columns(payload["request"]["data"].get("target"), schema).values()
        names = [name for one in asked for name in one.columns]
        blank = frozenset(one.columns[0] for one in asked if one.blank)
        parts = divide(payload, names, blank).parts
        order = ("test", "validation", "training")
        source = next(parts[part] for part in order if len(parts[part].rows))
        few = _first(source)
        encoded, bare = (
            {name: np.asarray(x[:]) for name, x in inputs(few, one).items()}
            for one in (encoder, plain)
        )
        return cls(encoded, bare, [_raw(few, encoder, rows) for rows in _samples(few)])


def _first(source: Source) -> Source:
    if source.layout is None:
        return Source(source.dataset, source.rows[:_MOST_ROWS])
    count = min(_MOST_ROWS, len(source.layout.starts))
    return Source.of_samples(source.dataset, source.layout.take(np.arange(count)))


def _samples(source: Source) -> list[Rows]:
    layout: Layout | None = source.layout
    if layout is None:
        return [source.rows]
    length = layout.window.length
    return [layout.order[start : start + length] for start in layout.starts]


def _raw(source: Source, encoder: Encoder, rows: Rows) -> dict[str, Array]:
    return {name: source.dataset.values(name, rows) for name in encoder.columns}
