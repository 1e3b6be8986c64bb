"""A sum of differently bent branches."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import alone, data, dense, layer


def _block(other: str) -> list[dict[str, object]]:
    return [
        data(8),
        dense(8, "relu", name="one"),
        dense(8, other, name="two"),
        layer("Add", inputs=["one", "two"]),
        dense(1, None),
    ]


class MixedResidual(Rule):
    """Add sums its inputs as equals. Where one branch ends with ReLU and the other with tanh or
    sigmoid, one is unbounded and the other at most 1, and the larger one drowns it.
    """

    severity = "hint"
    sets_off = (alone(*_block("tanh")),)
    stays_quiet = (alone(*_block("relu")),)

    def check(self, context: Context) -> Iterator[Finding]:
        """An Add of branches with a bounded activation and with an unbounded one."""
        for line in context.lines("Add"):
            sources = [context.stack.line(ref.layer) for ref in line.inputs]
            ends = {source.name: context.activation(source) for source in sources}
            bounded = [name for name, end in ends.items() if end in ("tanh", "sigmoid", "softmax")]
            open_ended = [name for name, end in ends.items() if end in ("relu", "elu", "softplus")]
            if bounded and open_ended:
                yield Finding(
                    line.pointer,
                    f"{line.name!r} adds {bounded[0]!r} ({ends[bounded[0]]}) to "
                    f"{open_ended[0]!r} ({ends[open_ended[0]]}).",
                    {"activations": ends},
                    None,
                    "Add",
                )
