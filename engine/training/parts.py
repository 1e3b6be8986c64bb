"""The rows of a training: which are trained on and which are held out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.alike import differences
from engine.dataset.canonical import Dataset, Rows
from engine.dataset.content import Array
from engine.dataset.schema import Schema
from engine.dataset.windows import Layout, Window, lay_out
from engine.encodings._base import as_text, missing
from engine.faults import Fault
from engine.splits import SPLITS, Parts

HELD_OUT = ("validation", "test")


@dataclass(frozen=True)
class Source:
    """A dataset and those of its rows that make up a part; of windows, the rows of the targets."""

    dataset: Dataset
    rows: Rows
    layout: Layout | None = None

    @property
    def seen(self) -> Rows:
        """The rows whose features are looked at."""
        return self.rows if self.layout is None else self.layout.seen

    @classmethod
    def of_samples(cls, dataset: Dataset, layout: Layout) -> "Source":
        """The part that these samples make up."""
        return cls(dataset, layout.targets, layout)


@dataclass(frozen=True)
class Division:
    """The parts by name (`training`, `validation`, `test`), and how many rows were left out."""

    parts: dict[str, Source]
    left_out: int

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows of each part."""
        return {part: len(source.rows) for part, source in self.parts.items()}


def divide(
    payload: dict[str, Any],
    targets: list[str],
    blank: frozenset[str] = frozenset(),
    preload: bool = True,
) -> Division:
    """Divide the rows of a train payload; rows without a target or a weight are left out.

    Targets that are `blank` say something by being empty: that a row has none of its labels.

    A part that is a dataset of its own takes nothing from the main one. Raises
    Fault("data-error") when nothing is left to train on, or when the datasets are not alike.
    With `preload` the columns that will be looked at are read in one go.
    """
    request = payload["request"]
    present = [name for name in targets if name not in blank]
    needed = [*present, *filter(None, [request["data"].get("sample_weight")])]
    fed = [name for given in request["data"]["inputs"].values() for name in given["columns"]]
    main = Dataset(Path(payload["data"]), Schema.from_json(payload["schema"]))
    if preload:
        main.preload([*targets, *needed, *fed])
    kept = complete(main, needed)
    window = Window.of_request(request["data"])
    if window is not None:
        return _divide_samples(payload, window, main, kept, targets, present)
    if not len(kept):
        raise Fault("data-error", "No row has a target: there is nothing to train on.")
    looked_at = [*targets, *needed, *fed]
    others = {part: _other(payload, part, main.schema, looked_at, preload) for part in HELD_OUT}
    parts = _split(request, main, kept, targets, others)
    found = {"training": Source(main, kept[parts.training])}
    left_out = main.schema.rows - len(kept)
    for part in HELD_OUT:
        other = others[part]
        if other is None:
            found[part] = Source(main, kept[getattr(parts, part)])
        else:
            found[part] = Source(other, complete(other, needed))
            left_out += other.schema.rows - len(found[part].rows)
    return Division(found, left_out)


def _divide_samples(
    payload: dict[str, Any],
    window: Window,
    main: Dataset,
    kept: Rows,
    targets: list[str],
    present: list[str],
) -> Division:
    """Divide samples instead of rows; samples without a target or a weight are left out."""
    request = payload["request"]
    layout, whole = samples(main, window, kept)
    if not len(whole.starts):
        raise Fault("data-error", f"No series has the {window.reach} rows that a sample needs.")
    names = [column for given in request["data"]["inputs"].values() for column in given["columns"]]
    others = {part: _other(payload, part, main.schema, [*targets, *names]) for part in HELD_OUT}
    parts = _split(request, main, whole.targets, targets, others, whole)
    found = {}
    for part in ("training", *HELD_OUT):
        other = others.get(part)
        if other is not None:
            own = samples(other, window, complete(other, present))[1]
            found[part] = Source.of_samples(other, own)
            continue
        chosen = getattr(parts, part)
        if request["data"]["split"]["by"] == "time":
            chosen = _within(whole, chosen)
        found[part] = Source.of_samples(main, whole.take(chosen))
    if not len(found["training"].rows):
        raise Fault("data-error", "No sample lies wholly within the training part.")
    return Division(found, len(layout.starts) - len(whole.starts))


def samples(dataset: Dataset, window: Window, kept: Rows) -> tuple[Layout, Layout]:
    """All samples, and those whose target is among the rows that are kept."""
    layout = lay_out(dataset, window)
    return layout, layout.take(np.flatnonzero(np.isin(layout.targets, kept)))


def _within(layout: Layout, samples: Rows) -> Rows:
    """Those of a part's samples that begin after the part before has ended.

    What reaches across the border belongs to no part: nothing that is trained on is evaluated.
    """
    return wholly_within(*layout.between(), samples)


def wholly_within(first: Array, target: Array, samples: Rows) -> Rows:
    """Those of a part's samples whose first row is not before the part's first target."""
    if not len(samples):
        return samples
    begins = target[samples].min()
    earlier = target[target < begins]
    return samples[first[samples] >= begins] if len(earlier) else samples


def _other(
    payload: dict[str, Any], part: str, main: Schema, names: list[str], preload: bool = True
) -> Dataset | None:
    """The dataset that a part is, if it is one of its own, checked against the main one."""
    given = payload.get(f"{part}_data")
    if given is None:
        return None
    dataset = Dataset(Path(given["dir"]), Schema.from_json(given["schema"]))
    for found in differences(part, main, dataset.schema, names):
        raise Fault("data-error", found.detail)
    if preload:
        dataset.preload(names)
    return dataset


def complete(dataset: Dataset, names: list[str]) -> Rows:
    """The rows in which none of these columns is missing."""
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
    layout: Layout | None = None,
) -> Parts:
    settings = request["data"].get("split") or {}
    fractions = [0.0 if others[part] else float(settings.get(part) or 0) for part in HELD_OUT]
    seed = settings.get("seed")
    seed = request["fit"].get("seed") if seed is None else seed
    first = main.schema.column(targets[0])
    by = settings.get("by") or "auto"
    if by == "auto":
        by = "stratified" if first.kind in ("category", "boolean") else "random"
    if SPLITS[by].LABELS == "classes" and first.kind == "tensor":
        raise Fault("data-error", f"Rows cannot be stratified by the array {first.name!r}.")
    column = first.name if SPLITS[by].LABELS == "classes" else settings.get("column")
    labels = _labels(main, kept, column, SPLITS[by].LABELS)
    if labels is None and by == "time" and layout is not None:
        labels = layout.between()[1]
    parts: Parts = SPLITS[by].split(labels, len(kept), *fractions, int(seed or 0))
    return parts


def _labels(main: Dataset, rows: Rows, column: str | None, kind: str) -> Array | None:
    """What a split goes by: words as they are, all else as numbers in the order of the values."""
    if kind == "none" or column is None:
        return None
    values = main.values(column, rows)
    texts = np.array(as_text(values))
    if kind == "words":
        return texts
    if kind == "column" and values.dtype.kind in "iufb":
        return np.asarray(values)
    return np.unique(texts, return_inverse=True)[1]
