"""Frozen layers that have learned nothing."""

from collections.abc import Iterator

from ._base import Finding, Rule
from ._context import Context
from ._examples import FLOWERS, dense, on
from ._sent import set_argument


class FrozenWithoutWeights(Rule):
    """A frozen layer keeps the weights it starts with. Here these are random, since neither
    `weights` nor `init_from` gives it others: what it gives is noise to the layers behind it.
    """

    severity = "warning"
    sets_off = (on(FLOWERS, dense(8, trainable=False), dense(3, "softmax")),)
    stays_quiet = (
        on(FLOWERS, dense(8), dense(3, "softmax")),
        on(
            *(FLOWERS, dense(8, trainable=False), dense(3, "softmax")),
            init_from={"model": "mdl_1"},
            models={"mdl_1": [{"class_name": "Input", "shape": [2]}, dense(8), dense(3)]},
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """All layers with weights and `trainable` false, as one finding."""
        found = [
            line
            for line in context.lines()
            if context.value(line, "trainable") is False
            and context.parameters(line)
            and line.weights is None
            and line.name not in context.started
        ]
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield Finding(
                found[0].pointer,
                f"{found[0].name!r}{more} cannot learn: 'trainable' is false.",
                {"layers": [line.name for line in found]},
                [step for line in found for step in set_argument(line, trainable=True)],
                found[0].class_name,
            )
