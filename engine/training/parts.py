"""The rows of a training: which are trained on and which are held out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.canonical import Dataset, Rows
from engine.dataset.content import Array
from engine.dataset.schema import Schema
from engine.encodings._base import as_text, missing
from engine.faults import Fault
from engine.splits import SPLITS, Parts

HELD_OUT = ("validation", "test")


@dataclass(frozen=True)
class Source:
    """A dataset and those of its rows that make up a part."""

    dataset: Dataset
    rows: Rows


@dataclass(frozen=True)
class Division:
    """The parts by name (`training`, `validation`, `test`), and how many rows were left out."""

    parts: dict[str, Source]
    left_out: int

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows of each part."""
        return {part: len(source.rows) for part, source in self.parts.items()}


def divide(payload: dict[str, Any], targets: list[str]) -> Division:
    """Divide the rows of a train payload; rows without a target or a weight are left out.

    A part that is a dataset of its own takes nothing from the main one. Raises
    Fault("data-error") when nothing is left to train on.
    """
    request = payload["request"]
    needed = [*targets, *filter(None, [request["data"].get("sample_weight")])]
    main = Dataset(Path(payload["data"]), Schema.from_json(payload["schema"]))
    kept = _complete(main, needed)
    others = {part: _other(payload.get(f"{part}_data")) for part in HELD_OUT}
    parts = _split(request, main, kept, targets, others)
    found = {"training": Source(main, kept[parts.training])}
    left_out = main.schema.rows - len(kept)
    for part in HELD_OUT:
        other = others[part]
        if other is None:
            found[part] = Source(main, kept[getattr(parts, part)])
        else:
            found[part] = Source(other, _complete(other, needed))
            left_out += other.schema.rows - len(found[part].rows)
    if not len(found["training"].rows):
        raise Fault("data-error", "No row is left to train on.")
    return Division(found, left_out)


def _other(given: dict[str, Any] | None) -> Dataset | None:
    if given is None:
        return None
    return Dataset(Path(given["dir"]), Schema.from_json(given["schema"]))


def _complete(dataset: Dataset, names: list[str]) -> Rows:
    good = np.ones(dataset.schema.rows, dtype=bool)
    for name in names:
        if dataset.schema.column(name).flat:
            good &= ~missing(dataset.values(name))
    return np.flatnonzero(good)


def _split(
    request: dict[str, Any],
    main: Dataset,
    kept: Rows,
    targets: list[str],
    others: dict[str, Dataset | None],
) -> Parts:
    settings = request["data"].get("split") or {}
    fractions = [0.0 if others[part] else float(settings.get(part) or 0) for part in HELD_OUT]
    seed = settings.get("seed")
    seed = request["fit"].get("seed") if seed is None else seed
    first = main.schema.column(targets[0])
    by = settings.get("by") or "auto"
    if by == "auto":
        by = "stratified" if first.kind in ("category", "boolean") else "random"
    labels: Array | None = None
    if by == "stratified":
        if first.kind == "tensor":
            raise Fault("data-error", f"Rows cannot be stratified by the array {first.name!r}.")
        texts = np.array(as_text(main.values(first.name, kept)))
        labels = np.unique(texts, return_inverse=True)[1]
    parts: Parts = SPLITS[by].split(labels, len(kept), *fractions, int(seed or 0))
    return parts
