"""Events: the durable log of a job, gap-free by job."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Json, Moment, now
from models.insertion import insert_later


class Event(Base):
    """One line of a job's log. `seq` is taken under the job's row lock: no gaps, no repeats."""

    __tablename__ = "events"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    attempt: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    payload: Mapped[dict[str, Any]] = mapped_column(Json)

    @classmethod
    def begin(cls, session: Session, job_id: str, moment: datetime) -> None:
        """The first event of a job: it is queued."""
        said = {"attempt": 0, "kind": "state", "payload": {"state": "queued"}, "at": moment}
        insert_later(session, cls.__table__, {"job_id": job_id, "seq": 1, **said})

    @classmethod
    def after(
        cls, session: Session, job_id: str, seq: int = 0, limit: int = 500, kind: str | None = None
    ) -> list["Event"]:
        """Up to `limit` events of the job that follow `seq`, oldest first."""
        query = (
            select(cls).where(cls.job_id == job_id, cls.seq > seq).order_by(cls.seq).limit(limit)
        )
        return list(session.scalars(query.where(cls.kind == kind) if kind else query))

    @classmethod
    def moments_of_epochs(cls, session: Session, job_id: str) -> dict[int, datetime]:
        """When each epoch of the job ended; of one that was done twice, the second time."""
        query = select(cls.payload, cls.at).where(cls.job_id == job_id, cls.kind == "epoch")
        return {said["epoch"]: at for said, at in session.execute(query.order_by(cls.seq))}
