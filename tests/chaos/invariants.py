"""What must hold whatever happened, read from the database and the storage, past the service."""

import hashlib
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.event import Event
from models.job import Job
from models.model import TrainedModel
from models.slot import Slot

ENDED = ("succeeded", "failed", "cancelled")


def unfinished(session: Session) -> int:
    """How many jobs have not ended."""
    return session.scalar(select(func.count()).where(Job.state.not_in(ENDED))) or 0


def violations(session: Session, accepted: list[str], objects: Path) -> list[str]:
    """Each promise that was broken, in a sentence; `accepted` are the jobs that clients know."""
    jobs = {job.id: job for job in session.scalars(select(Job))}
    found = [f"{job} was accepted twice" for job, times in _twice(accepted)]
    found += [f"{job} was accepted and is gone" for job in accepted if job not in jobs]
    found += [f"{job} was never asked for" for job in jobs if job not in accepted]
    found += [f"{job.id} is {job.state}" for job in jobs.values() if job.state != "succeeded"]
    held = session.scalars(select(Slot).where(Slot.job_id.is_not(None)))
    found += [f"slot {slot.device} is held by {slot.job_id}" for slot in held]
    models = list(session.scalars(select(TrainedModel)))
    found += [f"{job} has {times} models" for job, times in _twice(one.job_id for one in models)]
    known = {model.job_id for model in models}
    found += [
        f"{job.id} has no model"
        for job in jobs.values()
        if job.state == "succeeded"
        if job.id not in known
    ]
    for model in models:
        found += _damaged(model, objects)
    for job in jobs.values():
        found += _told_wrong(session, job)
    return found


def _twice(ids: object) -> list[tuple[str, int]]:
    return [(one, times) for one, times in Counter(ids).items() if times > 1]  # type: ignore[call-overload]


def _damaged(model: TrainedModel, objects: Path) -> list[str]:
    """The files of a model are those that its row tells of."""
    found = []
    for name, file in model.files.items():
        path = objects / model.prefix / name
        if not path.is_file():
            found.append(f"{model.id} lacks {name}")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file["digest"]:
            found.append(f"{name} of {model.id} is not what was trained")
    return found


def _told_wrong(session: Session, job: Job) -> list[str]:
    """The log of a job names its attempts in order, one end, and every epoch of the history."""
    rows = session.execute(
        select(Event.kind, Event.attempt, Event.payload)
        .where(Event.job_id == job.id)
        .order_by(Event.seq)
    ).all()
    found = []
    attempts = [attempt for _, attempt, _ in rows if attempt is not None]
    if attempts != sorted(attempts):
        found.append(f"{job.id} was written to by an attempt that was over")
    ends = [payload["state"] for kind, _, payload in rows if kind == "state"]
    if sum(state in ENDED for state in ends) > 1:
        found.append(f"{job.id} ended more than once: {ends}")
    epochs: dict[int, int] = {}
    for kind, _, payload in rows:
        if kind == "rewound":
            epochs = {epoch: 1 for epoch in epochs if epoch < payload["epoch"]}
        elif kind == "epoch":
            epochs[payload["epoch"]] = epochs.get(payload["epoch"], 0) + 1
    wanted = job.request["fit"]["epochs"]
    if job.state == "succeeded" and epochs != dict.fromkeys(range(wanted), 1):
        found.append(f"{job.id} does not have each of its {wanted} epochs once")
    return found
