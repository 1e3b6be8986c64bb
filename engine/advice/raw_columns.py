"""Columns of numbers in very different ranges, as they are."""

from collections.abc import Iterator

from engine.dataset.schema import Schema
from engine.encodings import PREPROCESSING

from ._base import Finding, Rule
from ._context import Context
from ._examples import PRICES, dense, layer, number, on, raw_input

_MOST = 30.0
_INCOMES = Schema(5000, [number("income", 0, 90_000), number("label")])
_FITTED = PREPROCESSING | {"Embedding", "BatchNormalization", "LayerNormalization"}


class RawColumns(Rule):
    """Weights start small and learn in small steps, for inputs of about -3 to 3. A column of
    thousands drowns the others and makes the loss jump; `standard` scales it.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(_INCOMES, dense(8), dense(1, None), data=raw_input("raw", "income")),
        on(_INCOMES, dense(8), dense(1, None), data=raw_input(["raw"], "income")),
    )
    stays_quiet = (
        on(_INCOMES, dense(8), dense(1, None)),
        on(_INCOMES, layer("Normalization"), dense(8), dense(1, None)),
        on(PRICES, dense(8), dense(1, None), data=raw_input("raw", "length", "width")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A column of numbers, fed raw, whose values lie far outside of what layers expect."""
        for line, column, encoding, place in context.fed():
            if encoding["class_name"] != "raw" or column.kind not in ("number", "integer"):
                continue
            takers = context.stack.consumers(line.name)
            largest = max(abs(column.minimum or 0.0), abs(column.maximum or 0.0))
            if largest <= _MOST or any(taker.class_name in _FITTED for taker in takers):
                continue
            where = place or context.sent.place("data", "inputs", line.name, "encoding")
            written = context.sent.look(where)
            whole = written == "raw" or isinstance(written, dict)
            yield Finding(
                where,
                f"{column.name!r} reaches from {column.minimum:g} to {column.maximum:g} and is "
                "fed as it is.",
                {"column": column.name, "minimum": column.minimum, "maximum": column.maximum},
                [{"op": "replace", "path": where, "value": "standard"}] if whole else None,
                "Normalization",
            )
