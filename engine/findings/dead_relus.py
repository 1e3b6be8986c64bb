"""Units that nothing wakes any more."""

from collections.abc import Iterator

from ._base import Finding, Record, Rule
from ._examples import record

_MUCH = 0.5


class DeadRelus(Rule):
    """A ReLU unit that is 0 for every row has no gradient and never learns again; a layer full of
    them lets nothing through. Smaller steps keep units alive, and a leaky ReLU wakes them.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """Layers half of whose units were silent in the last epoch that was measured."""
        last = max(record.silent, default=None)
        for name, share in (record.silent[last] if last is not None else {}).items():
            if share < _MUCH:
                continue
            pointer, line = record.line(name)
            config = line.get("config", line)
            place = f"{pointer}{'/config' if 'config' in line else ''}/activation"
            named = isinstance(config.get("activation"), str)
            fix = [{"op": "replace", "path": place, "value": "leaky_relu"}] if named else None
            yield Finding(
                pointer,
                f"{share:.0%} of the units of {name!r} were silent on all rows after epoch {last}.",
                {"share": share, "epoch": last},
                fix,
                "LeakyReLU",
            )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """Most units dead, and a few."""
        return (
            record(silent={2: {"hidden": 0.1}, 4: {"hidden": 0.9}}),
            record(silent={2: {"hidden": 0.9}, 4: {"hidden": 0.2}}),
        )
