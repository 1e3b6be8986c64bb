"""Images of one colour."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import pictures

_SHARE = 0.01


class BlankImages(Rule):
    """An image of a single colour shows nothing: a broken camera, a failed conversion, a blank
    page. Its label cannot be seen from it.
    """

    severity = "warning"
    handling = "Nothing: the images are used."
    sets_off = (pictures([(8, 8, 1)] * 60, black=[4]),)
    stays_quiet = (pictures([(8, 8, 1)] * 60), pictures([(8, 8, 3)] * 60))

    def check(self, data: Data) -> Iterator[Finding]:
        """At least one of a hundred images of those that were looked at."""
        for column in data.columns("image"):
            found = data.measured(column, "image")
            if found and found["blank"] >= _SHARE * found["sampled_rows"] > 0:
                detail = f"{found['blank']} of {found['sampled_rows']} images have a single colour."
                evidence = {"count": found["blank"], "looked_at": found["sampled_rows"]}
                yield Finding((column.name,), detail, evidence)
