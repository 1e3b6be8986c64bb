"""Arrays of large numbers, as they are."""

from collections.abc import Iterator

from engine.dataset.schema import Schema
from engine.encodings import PREPROCESSING

from ._base import Finding, Rule
from ._context import Context
from ._examples import classes, dense, layer, on, tensor

_MOST = 30.0
_FITTED = PREPROCESSING | {"Embedding", "BatchNormalization", "LayerNormalization"}
_PIXELS = Schema(
    5000, [tensor("x", 28, 28, dtype="uint8", high=255.0), classes("label", "a", "b", "c")]
)


class RawArrays(Rule):
    """Arrays are fed as they are. Weights start small and learn in small steps, for inputs of
    about -3 to 3: pixels from 0 to 255 make the loss jump. Rescaling or Normalization first
    brings them into range.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(_PIXELS, layer("Flatten"), dense(8), dense(3, "softmax")),)
    stays_quiet = (
        on(
            _PIXELS,
            layer("Rescaling", scale=1 / 255),
            layer("Flatten"),
            dense(8),
            dense(3, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An array column with large values that no scaling layer takes first."""
        for line, column, encoding, _ in context.fed():
            if encoding["class_name"] != "raw" or column.kind != "tensor":
                continue
            takers = context.stack.consumers(line.name)
            largest = max(abs(column.minimum or 0.0), abs(column.maximum or 0.0))
            if largest <= _MOST or any(taker.class_name in _FITTED for taker in takers):
                continue
            pixels = column.dtype == "uint8"
            scaling = {"class_name": "Rescaling", "scale": 1 / 255} if pixels else None
            first = takers[0] if len(takers) == 1 else None
            yield Finding(
                first.pointer if first else context.stack.layers_pointer,
                f"{column.name!r} reaches from {column.minimum:g} to {column.maximum:g} and is "
                "fed as it is.",
                {"column": column.name, "minimum": column.minimum, "maximum": column.maximum},
                context.inserted(first, scaling or {"class_name": "Normalization"})
                if first
                else None,
                "Rescaling" if pixels else "Normalization",
            )
