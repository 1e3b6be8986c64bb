"""Time series: windows over the past of every column, the target's own included."""

from typing import Any

from engine.dataset.schema import Column, Schema

from .chronology import time_column
from .draft import Draft
from .subject import Subject

_SHORTEST, _LONGEST = 8, 48
_FEW_SAMPLES = 1_000


def is_series(subject: Subject, schema: Schema, data: dict[str, Any]) -> bool:
    """Whether the future of a number is asked for: a window, or a column of times beside it."""
    if data.get("window"):
        return True
    given = any(data.get(name) for name in ("features", "inputs", "split"))
    time = time_column(schema)
    return subject.kind == "number" and not given and time not in (None, subject.target)


def build(draft: Draft, subject: Subject, schema: Schema, data: dict[str, Any]) -> None:
    """The window, the columns to look at, and a recurrent layer over them."""
    time = time_column(schema)
    if not data.get("window"):
        length = min(_LONGEST, max(_SHORTEST, schema.rows // 12))
        because = (
            f"Each row has a time of its own ({time.name if time else 'its place'}): the next value"
            f" is predicted from the {length} before it, about a twelfth of the series."
        )
        window = {"length": length, "horizon": 1, "order": time.name if time else None}
        draft.put("data", "window", window, because)
    if not (data.get("features") or data.get("inputs")):
        names = [column.name for column in _features(subject, time)]
        because = "The past of the target itself tells most; the other numbers are looked at too."
        draft.put("data", "features", names, because)
    units = 16 if subject.rows < _FEW_SAMPLES else 32
    because = "LSTM remembers over many steps where a simple recurrent layer's gradients vanish."
    draft.layer("LSTM", because + " Only its last output is used.", units=units)


def _features(subject: Subject, time: Column | None) -> list[Column]:
    """The target, and what may be looked at beside it."""
    others = [
        column
        for column in subject.features
        if column.kind in ("number", "integer", "boolean", "category") and column != time
    ]
    return [subject.target, *(column for column in others if column != subject.target)]
