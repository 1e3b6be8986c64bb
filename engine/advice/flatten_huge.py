"""Flatten into a Dense with very many weights."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import PICTURES, dense, layer, on

_PER_ROW = 100
_LEAST = 1_000_000
_CONV = {"filters": 32, "kernel_size": 3, "activation": "relu"}


class FlattenHuge(Rule):
    """Flatten gives the next Dense a weight for every place of every channel: most of the
    network's weights, and with few rows they learn the rows by heart. Global pooling gives it
    one value per channel.
    """

    severity = "warning"
    source = "data"
    sets_off = (
        on(
            PICTURES,
            layer("Conv2D", **_CONV),
            layer("Flatten"),
            dense(128),
            dense(10, "softmax"),
        ),
    )
    stays_quiet = (
        on(
            PICTURES,
            layer("Conv2D", **_CONV),
            layer("GlobalAveragePooling2D"),
            dense(128),
            dense(10, "softmax"),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """A Dense behind a Flatten with over a million weights and over 100 for each row."""
        for line in context.lines("Dense"):
            source = context.before(line)
            weights, rows = context.parameters(line), context.rows
            if source is None or source.class_name != "Flatten" or rows is None:
                continue
            if weights < _LEAST or weights < _PER_ROW * rows:
                continue
            axes = len(context.given(source) or ())
            # Only what convolutions made keeps its meaning when places are averaged.
            pooled = axes in (2, 3, 4) and not _is_input(context, source.name)
            name = f"GlobalAveragePooling{axes - 1}D"
            path = source.pointer + "/class_name"
            yield Finding(
                source.pointer,
                f"{source.name!r} gives {line.name!r} {weights:,} weights for {rows:,} rows.",
                {"weights": weights, "rows": rows},
                [{"op": "replace", "path": path, "value": name}] if pooled else None,
                name if pooled else "Flatten",
            )


def _is_input(context: Context, name: str) -> bool:
    source = context.before(context.stack.line(name))
    return source is None or source.is_input
