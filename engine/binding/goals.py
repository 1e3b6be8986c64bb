"""When a training has done enough: `until` and `max_seconds` of `fit`."""

from typing import Any

from engine.stack import Findings
from engine.stack.pointer import join

from .callbacks import check_monitor, watchable_keys


def read_goals(
    given: dict[str, Any], pointer: str, keys: list[str], validated: bool, findings: Findings
) -> dict[str, Any]:
    """Both goals, None where they are left out. `keys` are the log keys of the training part."""
    until = given.get("until")
    if until is not None:
        place = join(pointer, "until", "monitor")
        check_monitor(until["monitor"], place, watchable_keys(keys), validated, findings)
    return {"until": until, "max_seconds": given.get("max_seconds")}
