"""The audit log: who changed what by which request, written with the change itself."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Index, String, delete, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Moment, now
from models.insertion import insert_later

_KINDS: Final = frozenset({"job", "ds", "mdl", "file", "upl", "key", "whk", "dlv"})
_DAY = 86_400.0


@dataclass
class Act:
    """The request at work: whose it is, and what it does to what."""

    project_id: str
    key_id: str | None
    action: str
    subject: str | None
    request_id: str


acting: ContextVar[Act | None] = ContextVar("acting", default=None)
"""The act of the current request; None for what the service does by itself."""


class AuditEntry(Base):
    """One change by one request. Entries name projects and keys, and outlive them."""

    __tablename__ = "audit_entries"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40))
    key_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str | None] = mapped_column(String(60))
    request_id: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Moment, server_default=now(), index=True)

    __table_args__ = (Index("ix_audit_entries_project_id_id", "project_id", "id"),)

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["AuditEntry"]:
        """Up to `size` entries of the project older than `after`, newest first."""
        query = select(cls).where(cls.project_id == project_id).order_by(cls.id.desc()).limit(size)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    @classmethod
    def forget(cls, session: Session, days: float) -> None:
        """Drop entries older than this."""
        session.execute(delete(cls).where(cls.at < now(-days * _DAY)))


def enter_nothing(session: Session) -> None:
    """This transaction only answers again what was done before."""
    session.info["unchanged"] = True


def note(session: Session, made: str) -> None:
    """This thing was made; the entry is of the first one."""
    session.info.setdefault("made", made)


def enter(session: Session) -> None:
    """Enter the act at work with what it made: before the commit, or before another act begins."""
    act = acting.get()
    _look(session)
    subject, unchanged = session.info.pop("made", None), session.info.pop("unchanged", False)
    if act is None or unchanged:
        return
    subject = act.subject or subject
    entry = {
        "id": ids.new("aud"),
        "project_id": act.project_id,
        "key_id": act.key_id,
        "action": act.action[:60],
        "subject": subject[:60] if subject else None,
        "request_id": act.request_id,
    }
    insert_later(session, AuditEntry.__table__, entry)


def keep(sessions: Any) -> None:
    """Have these writing sessions enter the act of their request before they commit."""

    @event.listens_for(sessions, "before_flush")
    def _flushing(session: Session, _context: Any, _instances: Any) -> None:
        _look(session)

    event.listen(sessions, "before_commit", enter)


def _look(session: Session) -> None:
    for made in session.new:
        identifier = getattr(made, "id", None)
        if isinstance(identifier, str) and identifier.partition("_")[0] in _KINDS:
            note(session, identifier)
