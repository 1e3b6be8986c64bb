"""Retention: what is thrown away by itself when it is old enough. Pinned things are kept."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.settings import Settings
from models import trash
from models.base import now
from models.database import Database
from models.dataset import Dataset
from models.dependence import heirs, made_with, starting_from
from models.event import Event
from models.file import File
from models.job import Job
from models.legacy import forget_checkpoints
from models.log import LogLine
from models.metric import MetricPoint
from models.model import TrainedModel
from models.removal import Removal

_DAY = 86_400.0
_BATCH = 100

Act = Callable[[Session, Any], bool]


def retain(database: Database, settings: Settings) -> int:
    """Throw away what is older than the settings say, where they are not 0; returns how much."""
    rules: tuple[tuple[float, Callable[[float], Select[Any]], Act], ...] = (
        (settings.record_days, _with_records, _drop_records),
        (settings.checkpoint_days, _with_checkpoint, _drop_checkpoints),
        (settings.job_days, _old_jobs, _discard_job),
        (settings.dataset_days, _unused_datasets, _discard_dataset),
        (settings.file_days, _old_files, _discard_file),
    )
    return sum(_apply(database, due(days), act) for days, due, act in rules if days)


def _apply(database: Database, due: Select[Any], act: Act) -> int:
    """Act on every row that is due, each in a transaction of its own, in the order of ids."""
    table, done, last = due.column_descriptions[0]["entity"], 0, ""
    while True:
        with database.reading() as session:
            later = due.where(table.id > last).order_by(table.id).limit(_BATCH)
            batch = [row.id for row in session.scalars(later)]
        for identifier in batch:
            with database.session() as session:
                again = due.where(table.id == identifier).with_for_update(skip_locked=True)
                row = session.scalar(again)
                done += row is not None and act(session, row)
        if len(batch) < _BATCH:
            return done
        last = batch[-1]


def _ended(days: float) -> Select[Any]:
    """Jobs that ended so long ago, neither pinned nor of a pinned model."""
    pinned = exists().where(TrainedModel.job_id == Job.id, TrainedModel.pinned)
    return select(Job).where(Job.finished_at < now(-days * _DAY), ~Job.pinned, ~pinned)


def _with_records(days: float) -> Select[Any]:
    return _ended(days).where(Job.pruned_at.is_(None))


def _drop_records(session: Session, job: Job) -> bool:
    """Drop printed lines, events save those of states, and all curves save those by epoch."""
    session.execute(delete(LogLine).where(LogLine.job_id == job.id))
    session.execute(delete(Event).where(Event.job_id == job.id, Event.kind != "state"))
    other = MetricPoint.axis != "epoch"
    session.execute(delete(MetricPoint).where(MetricPoint.job_id == job.id, other))
    job.pruned_at = now()
    return True


def _with_checkpoint(days: float) -> Select[Any]:
    return _ended(days).where(Job.checkpoint.is_not(None))


def _drop_checkpoints(session: Session, job: Job) -> bool:
    if heirs(session, job):
        return False
    own = job.checkpoint is not None and job.checkpoint.get("key", "").startswith(f"{job.prefix}/")
    forget_checkpoints(session, job)
    if not own:  # one that it took from the job that it retried, and never replaced
        job.checkpoint = None
    for number in range(1, job.attempt + 1):
        Removal.note(session, f"{job.prefix}/{number}/checkpoints")
    return True


def _old_jobs(days: float) -> Select[Any]:
    return _ended(days).where(Job.deleted_at.is_(None))


def _discard_job(session: Session, job: Job) -> bool:
    model = session.scalar(select(TrainedModel).where(TrainedModel.job_id == job.id))
    if heirs(session, job):
        return False
    if model is not None:
        if starting_from(session, job.project_id, model.id):
            return False
        if model.deleted_at is None:
            trash.put(session, model)
    trash.put(session, job)
    return True


def _unused_datasets(days: float) -> Select[Any]:
    """Datasets that no job refers to and that changed so long ago."""
    user = aliased(Job)
    roles = (user.dataset_id, user.validation_id, user.test_id)
    used = exists().where(user.deleted_at.is_(None), or_(*(role == Dataset.id for role in roles)))
    old = (Dataset.updated_at < now(-days * _DAY)) & (Dataset.state != "reading")
    return select(Dataset).where(old, ~used, ~Dataset.pinned, Dataset.deleted_at.is_(None))


def _discard_dataset(session: Session, dataset: Dataset) -> bool:
    trash.put(session, dataset)
    return True


def _old_files(days: float) -> Select[Any]:
    return select(File).where(File.created_at < now(-days * _DAY), File.deleted_at.is_(None))


def _discard_file(session: Session, file: File) -> bool:
    if made_with(session, file.project_id, file.id):
        return False
    trash.put(session, file)
    return True
