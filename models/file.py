"""Side files: word vectors and arrays that layers start from."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now
from models.keeping import Deletable


class File(Deletable, Base):
    """One side file, read when it was uploaded and never changed.

    The uploaded bytes lie in object storage at `source_key`, our own form of them below
    `canonical_prefix`; `files` names the latter, `description` says what they hold.
    """

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_project_id_id", "project_id", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    name: Mapped[str | None] = mapped_column(String(200))
    filename: Mapped[str | None] = mapped_column(String(1024))
    form: Mapped[str] = mapped_column(String(40))
    description: Mapped[dict[str, Any]] = mapped_column(Json)
    files: Mapped[list[str]] = mapped_column(Json)
    bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    account: Mapped[str | None] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @staticmethod
    def new_id() -> str:
        """An id for a file whose bytes are stored before its row."""
        return ids.new("file")

    @property
    def prefix(self) -> str:
        """Where all objects of this file lie."""
        return f"{self.project_id}/files/{self.id}"

    @property
    def source_key(self) -> str:
        """Where the uploaded bytes lie."""
        return f"{self.prefix}/source"

    @property
    def canonical_prefix(self) -> str:
        """Below this lies our own form."""
        return f"{self.prefix}/canonical"

    @classmethod
    def find(cls, session: Session, project_id: str, file_id: str) -> "File | None":
        """The project's file of this id."""
        owned = select(cls).where(cls.id == file_id, cls.project_id == project_id)
        return session.scalar(owned.where(cls.deleted_at.is_(None)))

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["File"]:
        """Up to `size` files of the project older than `after`, newest first."""
        mine = select(cls).where(cls.project_id == project_id, cls.deleted_at.is_(None))
        query = mine.order_by(cls.id.desc()).limit(size)
        return list(session.scalars(query.where(cls.id < after) if after else query))
