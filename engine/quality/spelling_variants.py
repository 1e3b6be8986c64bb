"""One category under several spellings."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._data import Data
from ._examples import PLAIN, noise, table, words


class SpellingVariants(Rule):
    """ "Male", "male" and "male " are three categories to a network, each with a part of the rows
    of the one that was meant; as a target they are three classes.
    """

    severity = "warning"
    handling = "Nothing: categories are what is written. Write each in one way."
    sets_off = (table(sex=words("Male", "male", "Female", "male "), x=noise()),)
    stays_quiet = (PLAIN, table(code=words("a-1", "a1", "b"), x=noise()))

    def check(self, data: Data) -> Iterator[Finding]:
        """Categories alike but for case and spaces."""
        for column in data.columns("category"):
            groups: dict[str, list[str]] = {}
            for category in column.categories or []:
                groups.setdefault(" ".join(category.split()).casefold(), []).append(category)
            several = [found for found in groups.values() if len(found) > 1]
            if several:
                shown = ", ".join(repr(one) for one in several[0][:4])
                detail = f"{column.name!r} writes one thing in several ways: {shown}."
                yield Finding((column.name,), detail, {"variants": several[:10]})
