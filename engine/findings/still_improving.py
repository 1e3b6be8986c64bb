"""A training that ended while it was still getting better."""

from collections.abc import Iterator

from ._base import Finding, Record, Rule
from ._examples import falling, record

_LEAST = 5
_SHARE, _FALL = 0.03, 0.05


class StillImproving(Rule):
    """A loss that still falls at a good pace when the epochs are used up would most likely have
    gone on falling. More epochs cost time alone; EarlyStopping ends them when nothing comes of it.
    """

    severity = "hint"

    def check(self, record: Record) -> Iterator[Finding]:
        """The last tenth of all epochs brought three per cent of a fall that was not small."""
        values = record.course(record.watched)
        if len(values) < max(_LEAST, record.settings.get("epochs", 0) - record.first):
            return
        window = max(1, len(values) // 10)
        before, after = min(values[:-window]), min(values[-window:])
        fall = values[0] - after
        accuracy = [one for one in record.course("val_accuracy")[-1:] if one > 0.98]
        little = fall <= _FALL * abs(values[0]) or before - after < _SHARE * fall
        if record.stop_reason or accuracy or little:
            return
        epochs = record.settings["epochs"]
        yield Finding(
            "/fit/epochs",
            f"{record.watched} still fell from {before:.4g} to {after:.4g} in the last"
            f" {'epoch' if window == 1 else f'{window} epochs'} of {epochs}.",
            {"before": before, "after": after, "epochs": window},
            [{"op": "replace", "path": "/fit/epochs", "value": 2 * epochs}],
        )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A loss that goes down a slope, and one that has arrived."""
        slope: list[float | None] = [1 - 0.04 * epoch for epoch in range(20)]
        return record(curves={"loss": slope}), record(curves={"loss": falling(share=0.6)})
