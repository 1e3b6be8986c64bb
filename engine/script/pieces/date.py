"""Dates as the parts of the calendar and the clock."""

from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.encodings._moments import in_utc
from engine.encodings.date import CYCLES, Date, number_of, since, spread, week, weekday

NEEDS = (in_utc, since, weekday, week, number_of, spread)


def date(
    values: Values,
    parts: list[str],
    scales: dict[str, list[float]],
    spans: dict[str, tuple[float, ...]],
    circles: bool,
    flag: bool,
) -> Values:
    """float32[rows, ...]: one or two numbers for each part, and with `flag` 1 where missing."""
    gone = np.array([value is None for value in values])
    spelled = ["1970-01-01" if value is None else str(value) for value in values]
    given = np.array([np.datetime64(in_utc(text), "us") for text in spelled], "datetime64[us]")
    columns = []
    for part in parts:
        scale, span = scales.get(part, []), spans.get(part, ())
        columns += spread(number_of(part, given), scale, span, circles)
    encoded = np.stack(columns, axis=1)
    encoded[gone] = 0
    if flag:
        encoded = np.concatenate([encoded, gone[:, None]], axis=1)
    return encoded.astype(np.float32)


def arguments(encoding: Date) -> dict[str, Any]:
    """The parts, what was learned of them, and the spans of those that come again."""
    state = encoding.state()
    parts = state["parts"]
    return {
        "parts": parts,
        "scales": state["scales"],
        "spans": {part: CYCLES[part] for part in parts if part in CYCLES},
        "circles": encoding.cycles,
        "flag": encoding.missing == "flag",
    }
