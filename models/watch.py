"""What changed since clients last looked: one query for all that is waited for."""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.dataset import Dataset
from models.job import Job
from models.model import TrainedModel
from models.progress import Progress

_BATCH = 500


class Stamp(NamedTuple):
    """How far an object has come; two equal stamps mean that nothing has changed."""

    version: int
    event_seq: int = 0
    progress: int = 0


def stamps(session: Session, ids: Collection[str]) -> dict[str, Stamp]:
    """The stamps of these jobs, datasets and models; ids of things that are gone are left out."""
    found: dict[str, Stamp] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        found |= _job_stamps(session, wanted[start : start + _BATCH])
        found |= _dataset_stamps(session, wanted[start : start + _BATCH])
        found |= _model_stamps(session, wanted[start : start + _BATCH])
    return found


def _job_stamps(session: Session, ids: Sequence[str]) -> dict[str, Stamp]:
    chosen = [identifier for identifier in ids if identifier.startswith("job_")]
    if not chosen:
        return {}
    query = (
        select(Job.id, Job.version, Job.event_seq, Progress.serial)
        .outerjoin(Progress, Progress.job_id == Job.id)
        .where(Job.id.in_(chosen))
    )
    return {
        identifier: Stamp(version, event_seq, progress or 0)
        for identifier, version, event_seq, progress in session.execute(query)
    }


def _dataset_stamps(session: Session, ids: Sequence[str]) -> dict[str, Stamp]:
    chosen = [identifier for identifier in ids if identifier.startswith("ds_")]
    if not chosen:
        return {}
    query = select(Dataset.id, Dataset.version, Dataset.progress).where(Dataset.id.in_(chosen))
    return {
        identifier: Stamp(version, progress=crc32(repr(progress).encode()))
        for identifier, version, progress in session.execute(query)
    }


def _model_stamps(session: Session, ids: Sequence[str]) -> dict[str, Stamp]:
    chosen = [identifier for identifier in ids if identifier.startswith("mdl_")]
    if not chosen:
        return {}
    query = select(TrainedModel.id, TrainedModel.version).where(TrainedModel.id.in_(chosen))
    return {identifier: Stamp(version) for identifier, version in session.execute(query)}
