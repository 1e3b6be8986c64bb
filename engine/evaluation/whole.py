"""The rows of a dataset that a trained model can be judged by."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from engine.dataset.canonical import Dataset, Rows
from engine.dataset.encoder import Encoder
from engine.training.parts import Source, complete, samples

_TOLD = 50


@dataclass(frozen=True)
class Judged:
    """Those rows; how many others there are; of labels that the model lacks how many rows."""

    source: Source
    left_out: int
    unknown: dict[str, int]


def judged_by(dataset: Dataset, encoder: Encoder, weight: str | None) -> Judged:
    """All rows with a target and a weight, whose labels the model knows; of windows the samples.

    Of labels that it does not know the 50 most frequent are told. `weight` is the column of
    sample weights.
    """
    targets = list(encoder.targets.values())
    names = [name for target in targets for name in target.columns]
    dataset.preload([*names, *encoder.columns, *filter(None, [weight])])
    needed = [name for target in targets if not target.blank for name in target.columns]
    kept = complete(dataset, [*needed, *filter(None, [weight])])
    kept, unknown = _known(dataset, encoder, kept)
    if encoder.window is None:
        return Judged(Source(dataset, kept), dataset.schema.rows - len(kept), unknown)
    layout, whole = samples(dataset, encoder.window, kept)
    source = Source.of_samples(dataset, whole)
    return Judged(source, len(layout.starts) - len(whole.starts), unknown)


def _known(dataset: Dataset, encoder: Encoder, rows: Rows) -> tuple[Rows, dict[str, int]]:
    good, counted = np.ones(len(rows), bool), Counter[str]()
    for target in encoder.targets.values():
        strange = target.unknown([dataset.values(name, rows) for name in target.columns])
        good &= np.array([label is None for label in strange], bool)
        counted.update(label for label in strange if label is not None)
    return rows[good], dict(counted.most_common(_TOLD))
