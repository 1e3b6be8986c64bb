"""Images that occur more than once."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from engine.dataset.digests import of_column, of_pictures

from ._base import Finding, Rule, Severity
from ._data import Data
from ._examples import PLAIN, pictures

_SHARE = 0.05


class IdenticalImages(Rule):
    """The same picture twice can stand in training and in validation at once. Under two labels it
    teaches a contradiction.
    """

    severity = "hint"
    handling = "Nothing is removed; a training tells how many held-out rows it has also trained on."
    sets_off = (
        pictures([(8, 8, 3)] * 60, same=[0, 2, 4, 6]),
        pictures([(8, 8, 3)] * 60, same=[0, 1]),
    )
    stays_quiet = (pictures([(8, 8, 3)] * 60), PLAIN)

    def check(self, data: Data) -> Iterator[Finding]:
        """Any; a warning from one image of twenty on, or where their labels differ."""
        for column in data.columns("image"):
            digests = of_pictures(data.content.images[column.name])
            _, inverse, counts = np.unique(digests, return_inverse=True, return_counts=True)
            surplus = int((counts - 1).sum())
            if not surplus:
                continue
            torn = _torn(data, inverse)
            groups = np.flatnonzero(counts > 1)[:5]
            rows = [[int(row) for row in np.flatnonzero(inverse == one)[:5]] for one in groups]
            detail = f"{surplus} images repeat another one{', some under another label' * torn}."
            severe: Severity | None = "warning" if torn or surplus >= _SHARE * data.rows else None
            evidence = {"count": surplus, "rows": rows, "labels_differ": torn}
            yield Finding((column.name,), detail, evidence, severe)


def _torn(data: Data, inverse: npt.NDArray[np.int64]) -> bool:
    """Whether equal images bear different labels."""
    if data.likely_target is None:
        return False
    labels = of_column(data.content, data.likely_target)
    kinds = len({(int(one), int(label)) for one, label in zip(inverse, labels, strict=True)})
    return kinds > int(inverse.max()) + 1
