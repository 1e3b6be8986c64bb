"""Whether any worker could ever run a request: what none can is refused at once."""

from typing import Any

from sqlalchemy.orm import Session

from api.refusal import Refusal, item
from core.settings import Settings
from models.capacity import Capacity

_MOST_MEMORY = 2**40


def demand(settings: Settings, capacity: Capacity, plan: dict[str, Any]) -> None:
    """Raise Refusal (422) when the plan needs more than a slot or a host has.

    While no worker is known only what no machine holds is refused: the first may be large.
    """
    resources = plan["request"]["resources"]
    gpus = None if resources["gpus"] == "auto" else resources["gpus"]
    if capacity.is_known and (gpus or 0) > capacity.gpus:
        _refuse_gpus(gpus or 0, capacity.gpus)
    needed = needed_bytes(plan, on_gpu=bool(gpus))
    limit = _limit(settings, capacity, gpus)
    # Several GPUs share the rows of a batch; each has all of the weights.
    whole = needed - _spared(plan, -(-_batch(plan) // max(gpus or 1, 1)))
    least = needed - _spared(plan, 1)
    if (least if resources.get("on_oom") == "accumulate" else whole) > limit:
        _refuse_memory(plan, whole, least, limit)


def weighed(
    session: Session, settings: Settings, plan: dict[str, Any], *, strict: bool = False
) -> dict[str, Any]:
    """The plan with the slots it takes and whether a known worker can run it, null if none is.

    Raises Refusal as `demand` when it must be run.
    """
    capacity = Capacity.known(session)
    runnable: bool | None = True if capacity.is_known else None
    try:
        demand(settings, capacity, plan)
    except Refusal:
        if strict:
            raise
        runnable = False
    return {**plan, "slots": slots(plan), "runnable": runnable}


def needed_bytes(plan: dict[str, Any], *, on_gpu: bool) -> int:
    """The memory that counts: all of it on a CPU; on a GPU without data and runtime."""
    weights = 4 * ((plan.get("parameters") or {}).get("total") or 0)
    memory = plan.get("memory") or {}
    return max(memory.get("train_bytes" if on_gpu else "total_bytes") or 0, weights)


def slots(plan: dict[str, Any]) -> dict[str, int]:
    """How many slots of which kind a plan takes: `any` where a CPU will do as well as a GPU."""
    gpus = plan["request"]["resources"]["gpus"]
    if gpus == "auto":
        return {"any": 1}
    return {"gpu": gpus} if gpus else {"cpu": 1}


def _limit(settings: Settings, capacity: Capacity, gpus: int | None) -> int:
    if settings.job_memory_bytes is not None:
        return settings.job_memory_bytes
    return capacity.memory_of(gpus) if capacity.is_known else _MOST_MEMORY


def _batch(plan: dict[str, Any]) -> int:
    return int(plan["request"]["fit"].get("batch_size") or 1)


def _spared(plan: dict[str, Any], rows: int) -> int:
    """How much less a batch takes where so many of its rows are on a device at a time."""
    return (_batch(plan) - rows) * int((plan.get("memory") or {}).get("row_bytes") or 0)


def _refuse_memory(plan: dict[str, Any], needed: int, least: int, limit: int) -> None:
    detail = f"Training needs about {needed} bytes of memory; a job may have {limit}."
    found = [item("/stack", "too-large", detail)]
    if least <= limit:
        told = "With fewer rows at a time it fits: 'accumulate' adds up the gradients of a batch."
        # The whole section, which the sent body may lack.
        wanted = {**plan["request"]["resources"], "on_oom": "accumulate"}
        fix = [{"op": "add", "path": "/resources", "value": wanted}]
        found.append(item("/resources/on_oom", "too-large", told, fix=fix))
    raise Refusal("stack-too-large", detail, found)


def _refuse_gpus(wanted: int, most: int) -> None:
    pointer = "/resources/gpus"
    detail = f"No worker's host has {wanted} GPUs; the largest has {most}."
    fix = [{"op": "replace", "path": pointer, "value": most or "auto"}]
    raise Refusal("invalid-training", detail, [item(pointer, "too-large", detail, fix=fix)])
