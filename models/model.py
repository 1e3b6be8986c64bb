"""Trained models: one for each job that succeeded."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now
from models.keeping import Deletable, Pinnable


class TrainedModel(Deletable, Pinnable, Base):
    """The result of a job. Its files lie in object storage below `prefix`, never overwritten.

    `files` maps a name (`network.keras`) to `{"bytes": …, "digest": SHA-256}`.
    """

    __tablename__ = "models"
    __table_args__ = (Index("ix_models_project_id_id", "project_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id"), unique=True)
    dataset_id: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int] = mapped_column(Integer)
    display_name: Mapped[str | None] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(255))
    files: Mapped[dict[str, dict[str, Any]]] = mapped_column(Json)
    stack: Mapped[dict[str, Any]] = mapped_column(Json)
    architecture: Mapped[str | None] = mapped_column(String(40))
    parameters: Mapped[dict[str, Any] | None] = mapped_column(Json)
    summary: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @staticmethod
    def new_id() -> str:
        """An id for a model whose files are stored before its row."""
        return ids.new("mdl")

    @classmethod
    def find(cls, session: Session, project_id: str, model_id: str) -> "TrainedModel | None":
        """The project's model of this id."""
        owned = select(cls).where(cls.id == model_id, cls.project_id == project_id)
        return session.scalar(owned.where(cls.deleted_at.is_(None)))

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["TrainedModel"]:
        """Up to `size` models of the project older than `after`, newest first."""
        mine = select(cls).where(cls.project_id == project_id, cls.deleted_at.is_(None))
        query = mine.order_by(cls.id.desc()).limit(size)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    @classmethod
    def ids_of_jobs(cls, session: Session, job_ids: list[str]) -> dict[str, str]:
        """The model of each of these jobs that has one."""
        query = select(cls.job_id, cls.id).where(cls.job_id.in_(job_ids), cls.deleted_at.is_(None))
        return dict(session.execute(query).all())
