"""What a project, and in it an account of keys, uses of what it may have."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.base import now
from models.content import Content
from models.file import File
from models.job import Job
from models.key import Key
from models.project import Project
from models.slot import Slot, seconds_between
from models.upload import Upload

HOLDING = ("running", "cancelling")
_DAY = 86_400.0


def stored_bytes(session: Session, project_id: str, account: str | None = None) -> int:
    """Bytes of the project's datasets (equal ones once), side files, and uploads at full length.

    Of an account what its keys brought; equal bytes are counted where they came from first.
    """
    found = 0
    parts: tuple[tuple[Any, Any], ...] = (
        (Content.bytes, Content),
        (File.bytes, File),
        (func.coalesce(Upload.length, Upload.offset), Upload),
    )
    for amount, table in parts:
        query = select(func.sum(amount)).where(_owned(table, project_id, account))
        found += session.scalar(query) or 0
    return found


def gpu_seconds(
    session: Session, project_id: str, days: float, account: str | None = None
) -> float:
    """Seconds on GPUs of the jobs submitted within these days; those at work count up to now."""
    mine = _owned(Job, project_id, account)
    ended = select(func.sum(Job.gpu_seconds)).where(mine, Job.created_at > now(-days * _DAY))
    held = (
        select(Slot.taken_at, now())
        .join(Job, Job.id == Slot.job_id)
        .where(mine, Slot.kind == "gpu", Slot.taken_at.is_not(None))
    )
    running = seconds_between(session, held)
    return float(session.scalar(ended) or 0) + running


def queued_jobs(session: Session, project_id: str, account: str | None = None) -> int:
    """How many jobs of the project, or of an account, wait."""
    query = select(func.count()).where(_owned(Job, project_id, account), Job.state == "queued")
    return session.scalar(query) or 0


def running_jobs(session: Session, project_id: str, account: str | None = None) -> int:
    """How many jobs of the project, or of an account, have a worker."""
    query = select(func.count()).where(_owned(Job, project_id, account), Job.state.in_(HOLDING))
    return session.scalar(query) or 0


def full_accounts(session: Session) -> dict[str, int]:
    """The accounts that run as many jobs as they may, and how many that is."""
    running = (
        select(func.count())
        .where(Job.account == Key.id, Job.state.in_(HOLDING))
        .correlate(Key)
        .scalar_subquery()
    )
    most = Key.limits["running_jobs"].as_integer()
    query = select(Key.id, most).where(Key.id == Key.account, most <= running)
    return dict(session.execute(query).all())


def _owned(table: Any, project_id: str, account: str | None) -> Any:
    owned = table.project_id == project_id
    return owned if account is None else owned & (table.account == account)


def hold(session: Session, project_id: str) -> None:
    """Let nobody else count this project until the transaction ends."""
    # Not FOR UPDATE: rows that refer to the project, entered by others meanwhile, hold its key.
    query = select(Project.id).where(Project.id == project_id)
    session.execute(query.with_for_update(key_share=True))


def release(session: Session, job_id: str, attempt: int) -> None:
    """Free the slots of an attempt, and book its seconds on GPUs."""
    seconds = Slot.release(session, job_id, attempt)
    if seconds:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(gpu_seconds=Job.gpu_seconds + seconds)
            .execution_options(synchronize_session=False)
        )
