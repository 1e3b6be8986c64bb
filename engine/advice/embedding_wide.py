"""An Embedding wider than its vocabulary."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import alone, data, dense, layer
from ._sent import set_argument


class EmbeddingWide(Rule):
    """An Embedding packs many values into few numbers. With more numbers per value than there
    are values, one-hot columns would say the same with nothing to learn.
    """

    severity = "hint"
    sets_off = (
        alone(
            data(1, dtype="int32"),
            layer("Embedding", input_dim=5, output_dim=64),
            layer("Flatten"),
            dense(1, None),
        ),
    )
    stays_quiet = (
        alone(
            data(1, dtype="int32"),
            layer("Embedding", input_dim=50, output_dim=8),
            layer("Flatten"),
            dense(1, None),
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """More output than input dimensions; half as many are proposed."""
        for line in context.lines("Embedding"):
            values, width = context.value(line, "input_dim"), context.value(line, "output_dim")
            if width <= values:
                continue
            yield Finding(
                line.pointer,
                f"{line.name!r} has {width} numbers for each of {values} values.",
                {"input_dim": values, "output_dim": width},
                set_argument(line, output_dim=max(1, (values + 1) // 2)),
                "Embedding",
            )
