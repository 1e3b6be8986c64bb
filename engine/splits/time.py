"""The past is trained on, the future held out."""

import numpy as np

from engine.dataset.content import Array
from engine.splits import random
from engine.splits._parts import Parts, share

LABELS = "column"


def split(labels: Array | None, n: int, validation: float, test: float, seed: int) -> Parts:
    """The latest rows are the test part, those before them the validation part.

    `labels` are times as numbers; rows of the same time are in the same part, the earlier one.
    Nothing is drawn by chance. Without labels, as `random`.
    """
    if labels is None:
        return random.split(labels, n, validation, test, seed)
    tested = min(share(n, test), max(0, n - 1))
    validated = min(share(n, validation), max(0, n - 1 - tested))
    times = np.sort(labels)
    last_trained = times[n - tested - validated - 1]
    last_validated = times[n - tested - 1]
    rows = np.arange(n)
    return Parts(
        training=rows[labels <= last_trained],
        validation=rows[(labels > last_trained) & (labels <= last_validated)],
        test=rows[labels > last_validated],
    )
