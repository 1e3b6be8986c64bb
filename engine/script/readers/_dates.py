"""Dates that came as words."""

import re

import numpy as np

from engine.encodings._base import Values
from engine.encodings._moments import in_utc

FORMS = {
    "dates": "date YMD",
    "dates, the day first": "date DMY",
    "dates, the month first": "date MDY",
    "dates with points": "date DMY",
    "moments": "moment YMD",
    "moments, the day first": "moment DMY",
    "moments, the month first": "moment MDY",
    "moments with points": "moment DMY",
}
"""By the name of a reading (`engine.dataset.dates`): a date or a moment, and the order of the
numbers of its day."""


def dates_of(words: Values, form: str) -> Values:
    """Dates in words as texts that sort by time; `form` is `date YMD`, `moment DMY` or so."""
    return np.array([None if word is None else date_of(word, form) for word in words], object)


def date_of(word: str, form: str) -> str:
    """2024-01-31, or 2024-01-31 12:30:00.000000 of a moment; in UTC where it has an offset."""
    what, order = form.split()
    found = re.match(r"(\d+)[-/.](\d+)[-/.](\d+)[T ]*(.*)", word)
    if found is None:
        raise ValueError(f"{word!r} is no {form}")
    part = dict(zip(order, found.groups(), strict=False))
    day = f"{part['Y']:0>4}-{part['M']:0>2}-{part['D']:0>2}"
    if what == "date":
        return day
    hour, _, rest = found[4].replace(" ", "").upper().partition(":")
    moment = in_utc(f"{day}T{hour or '0':0>2}:{rest or '00'}")
    return moment.isoformat(" ", "microseconds")


NEEDS = (in_utc, date_of, dates_of)
