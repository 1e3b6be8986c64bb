"""Classes of very different size."""

from collections.abc import Iterator

from engine.targets import OF_CLASSES

from ._base import Finding, Rule
from ._context import Context
from ._examples import COINS, dense, on

_MOST = 4
_UNEVEN = {"label": {"heads": 4600, "tails": 400}}


class ClassImbalance(Rule):
    """When most rows have the same class, always answering that class scores well, and the
    network learns little else. Balanced weights let every class count the same.
    """

    severity = "warning"
    source = "data"
    sets_off = (on(COINS, dense(8), dense(2, "softmax"), classes=_UNEVEN),)
    stays_quiet = (
        on(COINS, dense(8), dense(2, "softmax"), classes={"label": {"heads": 9, "tails": 4}}),
        on(
            COINS,
            dense(8),
            dense(2, "softmax"),
            classes=_UNEVEN,
            fit={"class_weight": "balanced"},
        ),
    )

    def check(self, context: Context) -> Iterator[Finding]:
        """The largest class against the smallest one of a single target."""
        weighted = context.sent.section("data").get("sample_weight")
        if len(context.targets) != 1 or context.training.fit["class_weight"] or weighted:
            return
        target = next(iter(context.targets.values()))
        counts = {key: n for key, n in context.classes.get(target.column.name, {}).items() if n}
        if target.form not in OF_CLASSES or len(counts) < 2:
            return
        most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
        ratio = counts[most] / counts[least]
        if ratio > _MOST:
            place = context.sent.place("fit")
            yield Finding(
                place,
                f"{target.column.name!r} has {ratio:.0f} times as many rows of {most!r} as of "
                f"{least!r}.",
                {"classes": {most: counts[most], least: counts[least]}, "ratio": round(ratio, 1)},
                context.sent.assign(place, "class_weight", "balanced"),
            )
