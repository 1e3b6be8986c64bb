"""Contents: the bytes of datasets, stored once for each project however often they arrive."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Moment, insert_new, now

_TRIES = 5


class Content(Base):
    """Bytes that one or more datasets of a project share; gone with the last of them.

    They count for the `account` of the key that brought them first.

    Whoever joins or leaves a content holds its row. Its objects lie below a prefix that bears its
    own id and is never used again: bytes that are being deleted cannot be those of a newcomer.
    """

    __tablename__ = "contents"
    __table_args__ = (UniqueConstraint("project_id", "digest"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    digest: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    account: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @staticmethod
    def new_id() -> str:
        """An id for a content whose bytes are stored before its row."""
        return ids.new("cnt")

    @staticmethod
    def prefix_of(project_id: str, content_id: str) -> str:
        """Where all objects of a content lie."""
        return f"{project_id}/contents/{content_id}"

    @classmethod
    def hold(cls, session: Session, project_id: str, digest: str) -> "Content | None":
        """The project's content with this SHA-256, held until the transaction ends."""
        query = select(cls).where(cls.project_id == project_id, cls.digest == digest)
        return session.scalar(query.with_for_update())

    @classmethod
    def enter(cls, session: Session, **values: Any) -> "Content":
        """Make this content, held; or hold the one that another request made meanwhile."""
        for _ in range(_TRIES):
            insert_new(session, cls, values)
            found = cls.hold(session, values["project_id"], values["digest"])
            if found is not None:  # else its last dataset left just then
                return found
        raise RuntimeError(f"the content {values['digest']} comes and goes")
