"""Uploads: files that arrive in pieces, over as many requests as it takes."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Moment, now
from models.project import Project

_HOUR = 3600


class UploadPart(Base):
    """A stretch of an upload: an object that holds its bytes."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[str] = mapped_column(
        ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True
    )
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bytes: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(255))


class Upload(Base):
    """A file that is arriving: `offset` bytes of it are stored for good, in parts.

    One request at a time writes: it signs as `writer`, which every addition demands, so a later
    request takes the upload over and an earlier one, however slow, adds nothing any more.
    """

    __tablename__ = "uploads"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    length: Mapped[int | None] = mapped_column(BigInteger)
    offset: Mapped[int] = mapped_column(BigInteger, default=0)
    described: Mapped[str] = mapped_column(Text, default="")
    writer: Mapped[str | None] = mapped_column(String(40))
    account: Mapped[str | None] = mapped_column(String(40))
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    __table_args__ = (Index("ix_uploads_project_id_id", "project_id", "id"),)

    @property
    def prefix(self) -> str:
        """Where all objects of this upload lie."""
        return f"{self.project_id}/uploads/{self.id}"

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.length

    @classmethod
    def open(
        cls,
        session: Session,
        project_id: str,
        length: int | None,
        described: str,
        hours: float,
        account: str | None = None,
    ) -> "Upload":
        """A new upload; of unknown length where that is None."""
        upload = cls(
            id=ids.new("upl"),
            project_id=project_id,
            length=length,
            described=described,
            account=account,
            expires_at=now(hours * _HOUR),
        )
        session.add(upload)
        session.flush()
        session.refresh(upload)
        return upload

    @classmethod
    def live(cls, session: Session, project_id: str) -> int:
        """How many uploads the project has open; nobody opens another until this commits."""
        project = select(Project.id).where(Project.id == project_id)
        session.execute(project.with_for_update(key_share=True))
        query = select(func.count()).where(cls.project_id == project_id, cls.expires_at > now())
        return session.scalar(query) or 0

    @classmethod
    def find(cls, session: Session, project_id: str, upload_id: str) -> "Upload | None":
        """The project's upload of this id, expired or not."""
        return session.scalar(select(cls).where(cls.id == upload_id, cls.project_id == project_id))

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["Upload"]:
        """Up to `size` live uploads of the project older than `after`, newest first."""
        query = (
            select(cls)
            .where(cls.project_id == project_id, cls.expires_at > now())
            .order_by(cls.id.desc())
            .limit(size)
        )
        return list(session.scalars(query.where(cls.id < after) if after else query))

    def is_expired(self, session: Session) -> bool:
        """Whether its time is up, by the database's clock."""
        query = select(Upload.expires_at <= now()).where(Upload.id == self.id)
        return bool(session.scalar(query))

    def parts(self, session: Session) -> list[UploadPart]:
        """What has arrived, in order."""
        query = select(UploadPart).where(UploadPart.upload_id == self.id)
        return list(session.scalars(query.order_by(UploadPart.start)))

    def part_count(self, session: Session) -> int:
        """Of how many parts it consists."""
        query = select(func.count()).where(UploadPart.upload_id == self.id)
        return session.scalar(query) or 0

    def seize(self, session: Session, writer: str, length: int | None, hours: float) -> bool:
        """Become its writer, unless it has moved on since this row was read.

        A `length` that was not known before is kept.
        """
        return self._move(
            session,
            Upload.offset == self.offset,
            writer=writer,
            length=func.coalesce(Upload.length, length),
            expires_at=now(hours * _HOUR),
        )

    def append(
        self, session: Session, writer: str, parts: list[UploadPart], hours: float
    ) -> int | None:
        """Add parts that follow each other from the present offset on, for this writer.

        The new offset, or None when another writer has taken over.
        """
        start, end = parts[0].start, parts[-1].start + parts[-1].bytes
        moved = self._move(
            session,
            Upload.offset == start,
            Upload.writer == writer,
            offset=end,
            expires_at=now(hours * _HOUR),
        )
        if not moved:
            return None
        session.add_all(parts)
        session.flush()
        return end

    def _move(self, session: Session, *conditions: object, **values: object) -> bool:
        changed = session.execute(
            update(Upload)
            .where(Upload.id == self.id, *conditions)  # type: ignore[arg-type]
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]
