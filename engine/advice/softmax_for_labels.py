"""Softmax where several labels may be right at once."""

from collections.abc import Iterator

from engine.dataset.schema import Column, Schema

from ._base import Finding, Rule
from ._context import Context
from ._examples import COINS, FLOWERS, dense, on
from ._sent import set_argument


def _flag(name: str) -> Column:
    return Column(name, "boolean", "boolean", distinct=2, categories=["false", "true"])


_TAGGED = Schema(5000, [FLOWERS.columns[0], _flag("red"), _flag("big"), _flag("label")])
_TAGS = {"target": ["red", "big", "label"]}


class SoftmaxForLabels(Rule):
    """Softmax shares 1 among all units, so that labels compete: two that are both right cannot
    both be near 1, and a row without any cannot be told. With sigmoid each unit is a yes or no of
    its own; so it is for the steps of an order.
    """

    severity = "error"
    source = "data"
    sets_off = (on(_TAGGED, dense(8), dense(3, "softmax"), data=_TAGS),)
    stays_quiet = (
        on(_TAGGED, dense(8), dense(3, "sigmoid"), data=_TAGS),
        on(COINS, dense(8), dense(2, "softmax")),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """An output with softmax whose target is several yes or no."""
        for name, target in context.targets.items():
            line = context.stack.line(name)
            several = target.form in ("multi_label", "ordinal")
            if not several or context.activation(line) != "softmax":
                continue
            fix = None if line.class_name == "Softmax" else set_argument(line, activation="sigmoid")
            what = "several labels" if target.form == "multi_label" else "steps of an order"
            detail = f"{name!r} ends with softmax, but its target is {what}."
            evidence = {"columns": [column.name for column in target.columns]}
            yield Finding(line.pointer, detail, evidence, fix, "Dense")
