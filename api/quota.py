"""What a project may use: storage and GPU time, looked at when it asks for more."""

from sqlalchemy.orm import Session

from api.refusal import Refusal
from core.settings import Settings
from models import usage
from models.capacity import Capacity

_LATER = {"Retry-After": "3600"}
"""Neither comes back by itself soon; who deletes something may try at once."""


def demand_storage(settings: Settings, session: Session, project_id: str) -> None:
    """Raise Refusal (429) when the project has more than it may, with what was just entered."""
    most = settings.stored_bytes
    if not most:
        return
    usage.hold(session, project_id)
    used = usage.stored_bytes(session, project_id)
    if used > most:
        detail = f"The project would have stored {used} bytes; it may store {most}."
        raise Refusal("quota-exceeded", detail, headers=_LATER)


def demand_gpu_time(
    settings: Settings, session: Session, project_id: str, gpus: int | None
) -> None:
    """Raise Refusal (429) for a job that may take a GPU when the project's time is used up."""
    most, days = settings.gpu_seconds, settings.gpu_days
    if not most or not (gpus or (gpus is None and Capacity.known(session).gpus)):
        return
    used = usage.gpu_seconds(session, project_id, days)
    if used >= most:
        detail = f"The project took {used:.0f} of {most} seconds on GPUs within {days:g} days."
        raise Refusal("quota-exceeded", detail, headers=_LATER)
