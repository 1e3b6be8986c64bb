"""Images of another size than the rest."""

from collections.abc import Iterator

import numpy as np

from ._base import Finding, Rule
from ._data import Data
from ._examples import pictures

_MOST_SHARE = 0.05
_TIMES = 4.0


class OddSizes(Rule):
    """Among images of similar size, one that is much smaller or of another shape is often an icon,
    a thumbnail or a broken download.
    """

    severity = "hint"
    handling = "Images are resized to the Input; much smaller ones become blurred."
    sets_off = (pictures([(16, 16, 3)] * 60 + [(2, 2, 3)]),)
    stays_quiet = (
        pictures([(16, 16, 3)] * 60),
        pictures([(12 + place % 9, 16, 3) for place in range(60)]),
    )

    def check(self, data: Data) -> Iterator[Finding]:
        """Up to 5 % of the images have a quarter, or four times, the height or width of most."""
        for column in data.columns("image"):
            shapes = data.content.images[column.name].shapes[:, :2].astype(float)
            middle = np.median(shapes, axis=0)
            odd = ((shapes * _TIMES <= middle) | (shapes >= _TIMES * middle)).any(axis=1)
            if 0 < odd.mean() <= _MOST_SHARE:
                rows = [int(row) for row in np.flatnonzero(odd)[:10]]
                usual = " x ".join(f"{size:.0f}" for size in middle)
                detail = f"{int(odd.sum())} images are far from the usual {usual} pixels."
                yield Finding((column.name,), detail, {"count": int(odd.sum()), "rows": rows})
