"""What projects and keys may use: room in the queue, storage, GPU time; looked at on demand."""

from sqlalchemy.orm import Session

from api.auth import Caller
from api.refusal import Refusal
from api.room import Room
from core.settings import Settings
from models import usage
from models.capacity import Capacity

_LATER = {"Retry-After": "3600"}
"""Neither comes back by itself soon; who deletes something may try at once."""


def demand_storage(settings: Settings, session: Session, caller: Caller) -> None:
    """Raise Refusal (429) when project or key have more than they may, with what just came."""
    most, own = settings.stored_bytes, caller.limits.stored_bytes
    if most or own is not None:
        usage.hold(session, caller.project_id)
    if most and (used := usage.stored_bytes(session, caller.project_id)) > most:
        raise _used_up(f"The project would have stored {used} bytes; it may store {most}.")
    if own is None:
        return
    used = usage.stored_bytes(session, caller.project_id, caller.account)
    if used > own:
        raise _used_up(f"This key would have stored {used} bytes; it may store {own}.")


def demand_gpu_time(
    settings: Settings, session: Session, caller: Caller, gpus: int | None, capacity: Capacity
) -> None:
    """Raise Refusal (429) for a job that may take a GPU when the time of project or key is up."""
    most, days, own = settings.gpu_seconds, settings.gpu_days, caller.limits.gpu_seconds
    if not (most or own is not None):
        return
    if not (gpus or (gpus is None and capacity.gpus)):
        return
    taken = f"of {{}} seconds on GPUs within {days:g} days."
    if most and (used := usage.gpu_seconds(session, caller.project_id, days)) >= most:
        raise _used_up(f"The project took {used:.0f} {taken.format(most)}")
    if own is None:
        return
    used = usage.gpu_seconds(session, caller.project_id, days, caller.account)
    if used >= own:
        raise _used_up(f"The jobs of this key took {used:.0f} {taken.format(own)}")


def demand_room(settings: Settings, session: Session, caller: Caller, room: Room) -> None:
    """Raise Refusal (503) when as many jobs of project or key wait as may."""
    most, own = settings.queue_jobs, caller.limits.queued_jobs
    if not room.take(session, caller.project_id, most):
        raise _queue_full(f"{most} jobs of this project wait already.")
    if own is None:
        return
    usage.hold(session, caller.project_id)
    if usage.queued_jobs(session, caller.project_id, caller.account) >= own:
        raise _queue_full(f"{own} jobs of this key wait already, as many as it may have.")


def _used_up(detail: str) -> Refusal:
    return Refusal("quota-exceeded", detail, headers=_LATER)


def _queue_full(detail: str) -> Refusal:
    return Refusal("queue-full", detail, headers={"Retry-After": "30"})
