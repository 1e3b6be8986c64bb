"""Idempotency keys: what was answered to a creating request."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Json, Moment, now


class IdempotencyRecord(Base):
    """The answer stored under (project, route, key), in the transaction that created the thing.

    The primary key decides between two requests that run at once: the later insert fails, and
    its request answers what the first one stored.
    """

    __tablename__ = "idempotency_records"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    route: Mapped[str] = mapped_column(String(100), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    headers: Mapped[dict[str, str]] = mapped_column(Json)
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now(), index=True)

    @classmethod
    def find(
        cls, session: Session, project_id: str, route: str, key: str
    ) -> "IdempotencyRecord | None":
        """What was answered under this key, or None."""
        return session.get(cls, (project_id, route, key))

    @classmethod
    def forget(cls, session: Session, hours: float) -> None:
        """Drop answers older than this."""
        session.execute(delete(cls).where(cls.created_at < now(-hours * 3600)))
