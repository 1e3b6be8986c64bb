"""Log lines: what attempts printed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Moment, now


class LogLine(Base):
    """One line that an attempt wrote to its standard output or error."""

    __tablename__ = "log_lines"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stream: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    text: Mapped[str] = mapped_column(Text)

    @classmethod
    def tail(cls, session: Session, job_id: str, count: int) -> list["LogLine"]:
        """The last `count` lines of a job, oldest first."""
        query = (
            select(cls)
            .where(cls.job_id == job_id)
            .order_by(cls.attempt.desc(), cls.number.desc())
            .limit(count)
        )
        return list(reversed(list(session.scalars(query))))
