"""The policy `block`: findings of the data that a job is not to be trained with."""

from collections.abc import Iterable
from typing import Any

from engine.faults import Fault, Item

_ORDER = ("error", "warning")


def demand_sound(advice: Iterable[dict[str, Any]], code: str) -> None:
    """Raise a Fault of this code with every error and warning of the source `data`, if any."""
    items = [
        Item(one["pointer"], "data-finding", f"{one['detail']} [{one['rule']}]", fix=one["fix"])
        for one in sorted(advice, key=lambda one: one["severity"])
        if one["source"] == "data" and one["severity"] in _ORDER
    ]
    if items:
        found = "finding" if len(items) == 1 else f"{len(items)} findings"
        detail = f"The data has {found} that `data.on_findings: block` does not allow."
        raise Fault(code, detail, items)
