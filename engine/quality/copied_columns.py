"""Two columns that say the same."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table, words


class CopiedColumns(Rule):
    """Two columns with the same content tell nothing together that one does not tell alone. Should
    one of them be the target, the other one gives it away.
    """

    severity = "hint"
    handling = "Both are used; a job whose target is one of them is told that the other leaks it."
    sets_off = (
        table(
            a=words("x", "y"),
            b=["yes" if word == "x" else "no" for word in words("x", "y")],
            n=noise(),
        ),
        table(celsius=noise(), fahrenheit=[value * 1.8 + 32 for value in noise()]),
    )
    stays_quiet = (PLAIN, table(x=noise(), y=[value**3 for value in noise()]))

    def check(self, data: Data) -> Iterator[Finding]:
        """One value for one value, or one line of numbers."""
        told: set[frozenset[str]] = set()
        for one, features in data.profile["associations"].items():
            for entry in features:
                pair = frozenset((one, entry["feature"]))
                if entry["copied"] and pair not in told:
                    told.add(pair)
                    names = (one, entry["feature"])
                    detail = f"{names[0]!r} and {names[1]!r} hold the same, written differently."
                    yield Finding(names, detail, {"score": entry["score"]})
