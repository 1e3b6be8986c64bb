"""Live progress: one row a job, overwritten."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Json, Moment, now


class Progress(Base):
    """Where a running attempt is. No event and outside the ETag: it may be lost at any time."""

    __tablename__ = "progress"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer)
    serial: Mapped[int] = mapped_column(Integer, default=0)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @classmethod
    def of_jobs(cls, session: Session, job_ids: list[str]) -> dict[str, "Progress"]:
        """The progress of each of these jobs that has some."""
        if not job_ids:
            return {}
        query = select(cls).where(cls.job_id.in_(job_ids))
        return {found.job_id: found for found in session.scalars(query)}
