"""What a rule may look at: a dataset that was read, with its statistics and its profile."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from engine.dataset.content import Content
from engine.dataset.schema import Column, Schema
from engine.encodings import left_out
from engine.profile import Profile, profile
from engine.profile.candidates import likeliest
from engine.statistics import Statistics, measure
from engine.statistics.histogram import drawn

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 20_000


class Data:
    """A dataset as rules see it. Rules only read it."""

    def __init__(
        self, content: Content, schema: Schema, statistics: list[Statistics], found: Profile
    ) -> None:
        self.content = content
        self.schema = schema
        self.profile = found
        self.statistics = {one["name"]: one for one in statistics}
        self.likely_target = likeliest(schema)

    @classmethod
    def of(cls, content: Content, schema: Schema) -> "Data":
        """The dataset measured anew."""
        return cls(content, schema, measure(content, schema), profile(content, schema))

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.schema.rows

    def columns(self, *kinds: str) -> Iterator[Column]:
        """The columns of these kinds; all without any."""
        for column in self.schema.columns:
            if not kinds or column.kind in kinds:
                yield column

    def features(self, *kinds: str) -> Iterator[Column]:
        """As `columns`, without constants and identifiers, which are left out unasked."""
        for column in self.columns(*kinds):
            if not left_out(column, self.rows):
                yield column

    def measured(self, column: Column, part: str) -> dict[str, Any]:
        """A part of a column's statistics, empty where that was not measured."""
        found: dict[str, Any] = self.statistics[column.name].get(part) or {}
        return found

    def present(self, column: Column) -> "pl.Series":
        """The values of a flat column that are there; of long ones some, by a fixed seed."""
        return drawn(self.content.series(column.name).drop_nulls(), _SAMPLE)
