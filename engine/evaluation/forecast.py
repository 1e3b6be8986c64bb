"""A forecast beside what came: a stretch of one series in its order."""

from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.evaluation.kinds._base import Task

_MOST = 300


def forecast_of(task: Task, predicted: list[Array]) -> dict[str, Any] | None:
    """The last samples of the longest series: row, time (where a column tells it), true and
    predicted value. None where rows are no samples of a series, or predict several numbers.
    """
    layout = task.source.layout
    if layout is None or not predicted:
        return None
    said, window = np.concatenate(predicted), layout.window
    dataset, rows = task.source.dataset, task.source.rows
    places = np.arange(len(rows))
    series = None
    if window.key:
        names = np.array([str(value) for value in dataset.values(window.key, rows)])
        known, counts = np.unique(names, return_counts=True)
        series = str(known[counts.argmax()])
        places = np.flatnonzero(names == series)
    places = places[np.argsort(layout.between()[1][places], kind="stable")][-_MOST:]
    at = None
    if window.order:
        values = dataset.values(window.order, rows[places])
        at = [value if isinstance(value, int | float) else str(value) for value in values.tolist()]
    return {
        "series": series,
        "at": at,
        "rows": rows[places],
        "true": task.y.reshape(len(rows))[places].astype(np.float64),
        "predicted": said[places].astype(np.float64),
    }
