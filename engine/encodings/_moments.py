"""Moments in time, from their spellings."""

from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from engine.encodings._base import Values
from engine.faults import Fault

Moments = npt.NDArray[np.datetime64]


def moments(values: Values) -> Moments:
    """`datetime64[us]` of dates and times in ISO 8601 (RFC 3339), NaT where missing.

    A moment with an offset is brought to UTC; one without is taken as it is. Raises
    Fault("data-error") for any other spelling.
    """
    known: dict[object, np.datetime64] = {None: np.datetime64("NaT", "us")}
    for value in set(values.tolist()) - {None}:
        known[value] = np.datetime64(moment(str(value)), "us")
    return np.array([known[value] for value in values.tolist()], "datetime64[us]")


def moment(text: str) -> datetime:
    """The moment that a text spells, without an offset. Raises Fault("data-error")."""
    try:
        return in_utc(text)
    except (ValueError, OverflowError):
        detail = f"{text[:40]!r} is no date such as 2024-01-31 or 2024-01-31T12:30:00Z."
        raise Fault("data-error", detail) from None


def in_utc(text: str) -> datetime:
    """The moment of a text in ISO 8601, in UTC where it has an offset."""
    found = datetime.fromisoformat(text.strip())
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
