"""Notices: what is told to webhooks, kept so that it can be told again."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, delete, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now
from models.delivery import Delivery

_DAY = 86_400.0


class Notice(Base):
    """Something that happened to a job or a dataset of a project with webhooks.

    Its id is the `webhook-id` of every delivery of it, the first as the last.
    """

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    type: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now(), index=True)

    __table_args__ = (Index("ix_notices_project_id_id", "project_id", "id"),)

    @classmethod
    def record(
        cls, session: Session, project_id: str, kind: str, subject: str, data: dict[str, Any]
    ) -> "Notice":
        """Keep what happened, in the transaction in which it does."""
        row = cls(
            id=ids.new("evt"), project_id=project_id, type=kind, subject=subject[:40], data=data
        )
        session.add(row)
        session.flush()
        return row

    @classmethod
    def find(cls, session: Session, project_id: str, notice_id: str) -> "Notice | None":
        """The project's notice of this id."""
        return session.scalar(select(cls).where(cls.id == notice_id, cls.project_id == project_id))

    @classmethod
    def since(cls, session: Session, project_id: str, first: str, most: int) -> list["Notice"]:
        """Up to `most` notices of the project from this id on, oldest first."""
        query = select(cls).where(cls.project_id == project_id, cls.id >= first)
        return list(session.scalars(query.order_by(cls.id).limit(most)))

    @classmethod
    def forget(cls, session: Session, days: float) -> None:
        """Drop what is older than this and delivered, or given up."""
        waits = exists().where(Delivery.notice_id == cls.id, Delivery.state == "pending")
        session.execute(delete(cls).where(cls.created_at < now(-days * _DAY), ~waits))
