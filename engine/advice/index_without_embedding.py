"""Numbers of categories as quantities."""

from collections.abc import Iterator

from engine.dataset.schema import Schema

from ._base import Finding, Rule
from ._context import Context
from ._examples import classes, data, dense, layer, number, on, raw_input

_TOWNS = Schema(5000, [classes("town", "Bonn", "Ulm", "Kiel"), number("label")])
_INTO_EMBEDDING = ("Embedding", "CategoryEncoding", "IntegerLookup", "Hashing", "Discretization")


class IndexWithoutEmbedding(Rule):
    """The numbers that `index` gives to categories are names, not quantities: a Dense would
    take category 4 as twice category 2. One-hot columns or an Embedding keep them apart.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(_TOWNS, dense(8), dense(1, None), data=raw_input("index", "town")),
        on(_TOWNS, dense(8), dense(1, None), data=raw_input(["index"], "town")),
    )
    stays_quiet = (
        on(_TOWNS, dense(8), dense(1, None), data=raw_input("one_hot", "town")),
        on(
            _TOWNS,
            data(1, dtype="int32", name="input"),
            layer("Embedding", input_dim=4, output_dim=2),
            layer("Flatten"),
            dense(1, None),
            data=raw_input("index", "town"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A column of categories as `index` whose Input no embedding takes."""
        for line, column, encoding, place in context.fed():
            takers = context.stack.consumers(line.name)
            if encoding["class_name"] != "index" or column.kind != "category" or not place:
                continue
            if any(taker.class_name in _INTO_EMBEDDING for taker in takers):
                continue
            yield Finding(
                place,
                f"The numbers of the categories of {column.name!r} are taken as quantities.",
                {"column": column.name, "categories": column.distinct},
                [{"op": "replace", "path": place, "value": "one_hot"}] if line.made else None,
                "Embedding",
            )
