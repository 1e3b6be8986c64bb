"""`Prefer: wait=N` (RFC 7240): how long a client would wait for something to happen."""

import re
from typing import Annotated

from fastapi import Depends, Header

LONGEST = 60
"""A longer wait is cut to this; `Preference-Applied` tells."""

_WAIT = re.compile(r"\s*wait\s*=\s*\"?(\d{1,6})\"?\s*", re.IGNORECASE)


def get_wait(prefer: str | None) -> int | None:
    """The seconds of `Prefer: wait=N`, or None. The unreadable is ignored, as the RFC wants."""
    for part in (prefer or "").split(","):
        found = _WAIT.fullmatch(part.partition(";")[0])
        if found:
            return min(int(found[1]), LONGEST)
    return None


Prefer = Annotated[
    str | None, Header(description="`wait=N`: answer after up to N seconds, at most 60")
]


async def _wait(prefer: Prefer = None) -> int | None:
    return get_wait(prefer)


Wait = Annotated[int | None, Depends(_wait)]


def applied(wait: int | None) -> dict[str, str]:
    """The headers that say that the preference was honoured."""
    return {} if wait is None else {"Preference-Applied": f"wait={wait}", "Vary": "Prefer"}
