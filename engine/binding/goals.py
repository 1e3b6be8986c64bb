"""When a training has done enough: `until`, `max_seconds` and `stop_on` of `fit`."""

from typing import Any

from engine.catalog import suggestions
from engine.findings import STOPPING
from engine.stack import Findings
from engine.stack.pointer import join

from .callbacks import check_monitor, watchable_keys


def read_goals(
    given: dict[str, Any], pointer: str, keys: list[str], validated: bool, findings: Findings
) -> dict[str, Any]:
    """All of them, None where they are left out. `keys` are the log keys of the training part."""
    until = given.get("until")
    if until is not None:
        place = join(pointer, "until", "monitor")
        check_monitor(until["monitor"], place, watchable_keys(keys), validated, findings)
    for index, rule in enumerate(given.get("stop_on") or []):
        if rule not in STOPPING:
            detail = f"No rule {rule[:100]!r} can end a training; these can: {', '.join(STOPPING)}."
            where = join(pointer, "stop_on", index)
            findings.add(where, "bad-value", detail, suggestions(rule, STOPPING))
    goals = {"until": until, "max_seconds": given.get("max_seconds")}
    return {**goals, "stop_on": list(given.get("stop_on") or [])}
