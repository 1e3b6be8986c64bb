"""Many more weights than rows."""

from collections.abc import Iterator

from engine.dataset.schema import Schema

from ._base import Finding, Rule
from ._context import Context
from ._examples import dense, number, on

_PER_ROW = 1000
_FEW = Schema(60, [number("a"), number("b"), number("label")])


class ManyParameters(Rule):
    """With a thousand weights or more for each row a network can learn the rows by heart
    instead of what they have in common. Use fewer units, fewer layers, or more data.
    """

    severity = "hint"
    source = "data"
    sets_off = (on(_FEW, dense(256), dense(256), dense(1, None)),)
    stays_quiet = (on(_FEW, dense(16), dense(1, None)),)

    def check(self, context: Context) -> Iterator[Finding]:
        """Trainable weights, embeddings aside, against the rows of the training part."""
        if not context.rows:
            return
        weights = sum(
            context.parameters(line) for line in context.lines() if line.class_name != "Embedding"
        )
        if weights >= _PER_ROW * context.rows:
            yield Finding(
                context.stack.layers_pointer,
                f"The network has {weights:,} weights for {context.rows:,} training rows.",
                {"weights": weights, "rows": context.rows},
            )
