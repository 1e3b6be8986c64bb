"""What an ended job leaves to those that go on from it: its checkpoints."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.job import Job


def forget_checkpoints(session: Session, job: Job) -> None:
    """Have neither the job nor those that were retried from it name a checkpoint of the job.

    Before the objects below its prefix go, so that no row names what is not there.
    """
    heirs = [job]
    while heirs:
        for heir in heirs:
            heir.checkpoint = _without(heir.checkpoint, job.prefix)
        known = [heir.id for heir in heirs]
        heirs = list(session.scalars(select(Job).where(Job.retry_of.in_(known))))
    session.flush()


def _without(checkpoint: dict[str, Any] | None, prefix: str) -> dict[str, Any] | None:
    below = f"{prefix}/"
    if checkpoint is None or checkpoint.get("key", below).startswith(below):
        return None
    kept = checkpoint.get("kept", {})
    return checkpoint | {
        "kept": {name: key for name, key in kept.items() if not key.startswith(below)}
    }
