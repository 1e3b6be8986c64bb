"""A dataset too small to learn from."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table

_LEAST = 50


class FewRows(Rule):
    """With so few rows a network remembers them all, and the handful that is held out says little
    about new ones.
    """

    severity = "hint"
    handling = "Nothing; a fifth is held out for validation unless a job says otherwise."
    sets_off = (table(x=noise(rows=30), y=noise(2, rows=30)),)
    stays_quiet = (PLAIN,)

    def check(self, data: Data) -> Iterator[Finding]:
        """Fewer than fifty."""
        if data.rows < _LEAST:
            detail = f"The dataset has {data.rows} rows."
            yield Finding((), detail, {"rows": data.rows, "least": _LEAST})
