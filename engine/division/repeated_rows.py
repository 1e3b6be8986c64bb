"""Rows that are trained on and held out at once."""

from collections.abc import Iterator

import numpy as np

from engine.dataset.digests import of_values

from ._base import Finding, Rule, Severity
from ._parts import Example, Part, Parts

_SHARE = 0.05
_BEYOND_CHANCE = 10.0
_MOST_CELLS = 100_000_000
_CHANCE_ROWS = 2000
_EXAMPLES = 5
_ONE = np.random.default_rng(1).normal(size=200).tolist()
_OTHER = np.random.default_rng(2).normal(size=100).tolist()


def _apart(held: list[float]) -> Example:
    training, validation = (
        {"x": numbers, "y": [3.0 * number for number in numbers]} for numbers in (_ONE, held)
    )
    return Example({"training": training, "validation": validation}, ["x", "y"])


class RepeatedRows(Rule):
    """A held-out row that was also trained on is known by heart. The evaluation then tells how well
    the network remembers, not how well it does on rows that it has never seen.
    """

    severity = "hint"
    sets_off = (
        _apart([*_OTHER[:90], *_ONE[:10]]),
        _apart([*_OTHER, _ONE[0]]),
    )
    stays_quiet = (
        _apart(_OTHER),
        Example(
            {
                "training": {"a": [1, 2, 3, 4] * 50, "b": [1, 2, 1, 1] * 50},
                "validation": {"a": [1, 2, 3, 4] * 5, "b": [2, 1, 1, 1] * 5},
            },
            ["a", "b"],
        ),
    )

    def check(self, parts: Parts) -> Iterator[Finding]:
        """Equal in all features, ten times as many as by chance; a warning from 5 % on.

        Nothing is looked for in more than a hundred million cells.
        """
        for name, part in parts.held_out():
            if (len(parts.training) + len(part)) * len(parts.features) > _MOST_CELLS:
                continue
            digests = part.digests(parts.features)
            known = np.array([digest in parts.trained_on for digest in digests.tolist()])
            share = float(known.mean())
            if not share or share <= _BEYOND_CHANCE * _by_chance(parts):
                continue
            count = int(known.sum())
            examples = [
                [parts.trained_on[int(digests[place])], int(part.rows[place])]
                for place in np.flatnonzero(known)[:_EXAMPLES]
            ]
            detail = f"{count} of {len(part)} rows of the {name} part are also trained on."
            evidence = {"part": name, "rows": count, "share": round(share, 6), "pairs": examples}
            severe: Severity | None = "warning" if share >= _SHARE else None
            yield Finding(parts.place(name), detail, evidence, severe)


def _by_chance(parts: Parts) -> float:
    """The share of new rows that equal one of the training part if columns were independent."""
    rows = np.sort(np.array(list(parts.trained_on.values())))
    step = max(1, len(rows) // _CHANCE_ROWS)
    sample = Part(parts.training.schema, rows[::step], parts.training.read)
    log_chance = 0.0
    for column in parts.columns(parts.features):
        if not column.flat:
            return 0.0
        counts = np.unique(of_values(sample.values(column.name)), return_counts=True)[1]
        size = len(sample)
        if size < 2:
            return 0.0
        pairs = float((counts * (counts - 1.0)).sum()) / (size * (size - 1.0))
        log_chance += float(np.log(max(pairs, 1.0 / (size * size))))
    return min(1.0, len(parts.training) * float(np.exp(log_chance)))
