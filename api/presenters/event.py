"""Events as clients see them, in lists and in streams."""

from lamina.schemas.event import Event
from lamina.schemas.job import TERMINAL_STATES
from models import event as table


def present(row: table.Event) -> Event:
    """A row as a resource."""
    return Event(
        job=row.job_id,
        seq=row.seq,
        attempt=row.attempt,
        type=name_of(row),
        at=row.at,
        data=row.payload,
    )


def name_of(row: table.Event) -> str:
    """The event's type: `job.state`, `job.done` for the last one, else as the attempt named it."""
    if row.kind != "state":
        return row.kind
    return "job.done" if is_last(row) else "job.state"


def is_last(row: table.Event) -> bool:
    """Whether the job ended with this event."""
    return row.kind == "state" and row.payload.get("state") in TERMINAL_STATES
