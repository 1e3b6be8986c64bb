"""What follows when an attempt has run out of memory: fewer rows at a time, or the end."""

from dataclasses import dataclass, field
from typing import Any

from models.attempt import Attempt

CAUSE = "out-of-memory"
_POINTER = "/resources/on_oom"


@dataclass(frozen=True)
class Hopeless:
    """Why nothing can be mended, and the items of the error that say what the client can do."""

    detail: str
    errors: list[dict[str, Any]] = field(default_factory=list)


def repair_of(
    attempt: Attempt, started: dict[str, Any] | None, detail: str
) -> dict[str, Any] | Hopeless:
    """How to go on after `detail`: with half as many rows at a time, the batch staying what it is.

    `started` is what the attempt told when its training began, None when it did not come to that.
    """
    wanted = attempt.job.request["resources"].get("on_oom", "auto")
    if wanted == "fail":
        return Hopeless(detail)
    if started is None:
        return Hopeless(
            f"Memory ran out before the first batch, so smaller ones would not help: {detail}"
        )
    bound = started.get("batch_bound") or []
    if bound and wanted != "accumulate":
        return _bound(bound, detail)
    batch, now = _rows(attempt, started)
    if now <= 1:
        return Hopeless(f"Even one row at a time does not fit: {detail}")
    micro = now // 2
    return {
        "attempt": attempt.number,
        "cause": CAUSE,
        "detail": detail[:500],
        "micro_batch": micro,
        "accumulation": -(-batch // micro),
    }


def _rows(attempt: Attempt, started: dict[str, Any]) -> tuple[int, int]:
    """The rows of a batch on one device, and how many of them were taken at a time."""
    devices = sum(slot.kind == "gpu" for slot in attempt.slots) or 1
    asked = int(attempt.job.request["fit"]["batch_size"])
    batch = -(-min(asked, started["rows"]["training"]) // devices)
    taken = attempt.repairs[-1]["micro_batch"] if attempt.repairs else batch
    return batch, min(batch, taken)


def _bound(bound: list[str], detail: str) -> Hopeless:
    told = (
        f"Fewer rows at a time would be another training, because {' and '.join(bound[:5])}"
        " looks at a whole batch. To go on all the same, set resources.on_oom to 'accumulate';"
        " or take a smaller batch."
    )
    fix = [{"op": "add", "path": _POINTER, "value": "accumulate"}]
    item = {"pointer": _POINTER, "code": "bad-value", "detail": told, "fix": fix}
    return Hopeless(f"{detail}. {told}", [item])
