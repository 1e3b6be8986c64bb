"""What depends on what: jobs that refer to datasets, take weights, or go on from others."""

from sqlalchemy import Text, cast, exists, select
from sqlalchemy.orm import Session

from lamina.schemas.job import TERMINAL_STATES
from models.job import Job
from models.model import TrainedModel

_BY_CHANCE = ("user", "time-budget")
"""Reasons to stop that may come at another epoch the next time."""


def using(session: Session, dataset_id: str, deleted: bool = False) -> list[str]:
    """Jobs, ended ones too, that refer to this dataset; with those in the trash; up to 20."""
    needs = (
        (Job.dataset_id == dataset_id)
        | (Job.validation_id == dataset_id)
        | (Job.test_id == dataset_id)
    )
    query = select(Job.id).where(needs).limit(20)
    return list(session.scalars(query if deleted else query.where(Job.deleted_at.is_(None))))


def starting_from(session: Session, project_id: str, source: str) -> list[str]:
    """Jobs that have not ended and take first weights from this file or model."""
    query = select(Job.id, Job.sources).where(
        Job.project_id == project_id, Job.state.not_in(TERMINAL_STATES)
    )
    return [job_id for job_id, sources in session.execute(query) if source in sources][:20]


def made_with(session: Session, project_id: str, source: str) -> bool:
    """Whether a job took first weights from this file or model, and it or its model is there."""
    names_it = cast(Job.sources, Text).contains(f'"{source}"', autoescape=True)
    model = exists().where(TrainedModel.job_id == Job.id, TrainedModel.deleted_at.is_(None))
    there = Job.deleted_at.is_(None) | model
    return bool(
        session.scalar(select(exists().where(Job.project_id == project_id, names_it, there)))
    )


def heirs(session: Session, job: Job) -> list[str]:
    """Jobs that go on from this one's checkpoint and have not ended."""
    retried = select(Job).where(Job.retry_of == job.id)
    return [heir.id for heir in session.scalars(retried) if not heir.is_terminal]


def that_did(session: Session, project_id: str, work_digest: str) -> list[Job]:
    """Jobs that have done this work, whose models are still there; the newest five.

    Not those that a user or a budget of time ended: another run would end elsewhere.
    """
    reason = Job.stop_reason
    query = (
        select(Job)
        .where(Job.project_id == project_id, Job.work_digest == work_digest)
        .where(Job.state == "succeeded", reason.is_(None) | reason.not_in(_BY_CHANCE))
        .where(Job.deleted_at.is_(None))
        .where(exists().where(TrainedModel.job_id == Job.id, TrainedModel.deleted_at.is_(None)))
        .order_by(Job.id.desc())
        .limit(5)
    )
    return list(session.scalars(query))
