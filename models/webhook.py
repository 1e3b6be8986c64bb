"""Webhooks: where a project wants to be told of what happens to its jobs and datasets."""

import base64
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now

_SECRET_BYTES = 32
_HOUR = 3600.0


class Webhook(Base):
    """A subscription: an address, the types of events it is for, and a condition on jobs.

    The secret signs, so it is kept as it is. After a rotation `previous_secret` signs too, until
    `previous_until`.
    """

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(String(200), default="")
    events: Mapped[list[str]] = mapped_column(Json)
    filter: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default="enabled")
    disabled_reason: Mapped[str | None] = mapped_column(String(300))
    secret: Mapped[str] = mapped_column(String(100))
    previous_secret: Mapped[str | None] = mapped_column(String(100))
    previous_until: Mapped[datetime | None] = mapped_column(Moment)
    last_success_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    __table_args__ = (Index("ix_webhooks_project_id_id", "project_id", "id"),)

    @classmethod
    def subscribe(cls, session: Session, project_id: str, **values: Any) -> "Webhook":
        """A new subscription, with a secret of its own."""
        row = cls(id=ids.new("whk"), project_id=project_id, secret=_new_secret(), **values)
        session.add(row)
        session.flush()
        session.refresh(row)
        return row

    @classmethod
    def find(cls, session: Session, project_id: str, webhook_id: str) -> "Webhook | None":
        """The project's webhook of this id."""
        return session.scalar(select(cls).where(cls.id == webhook_id, cls.project_id == project_id))

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["Webhook"]:
        """Up to `size` webhooks of the project older than `after`, newest first."""
        query = select(cls).where(cls.project_id == project_id).order_by(cls.id.desc()).limit(size)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    @classmethod
    def count(cls, session: Session, project_id: str) -> int:
        """How many webhooks the project has."""
        query = select(func.count()).where(cls.project_id == project_id)
        return session.scalar(query) or 0

    def change(self, session: Session, **values: Any) -> None:
        """Change some of it; enabling it forgets why it was disabled."""
        if values.get("state") == "enabled":
            values["disabled_reason"] = None
        session.execute(
            update(Webhook).where(Webhook.id == self.id).values(updated_at=now(), **values)
        )
        session.refresh(self)

    def rotate(self, session: Session, overlap_hours: float) -> None:
        """A new secret; the one before signs as well for some hours."""
        self.change(
            session,
            secret=_new_secret(),
            previous_secret=self.secret,
            previous_until=now(overlap_hours * _HOUR),
        )

    @classmethod
    def disable(cls, session: Session, webhook_id: str, reason: str) -> None:
        """End its deliveries until somebody enables it again."""
        session.execute(
            update(cls)
            .where(cls.id == webhook_id, cls.state == "enabled")
            .values(state="disabled", disabled_reason=reason[:300], updated_at=now())
        )

    @classmethod
    def note_success(cls, session: Session, webhook_id: str) -> None:
        """Its address has taken something just now."""
        session.execute(update(cls).where(cls.id == webhook_id).values(last_success_at=now()))

    @classmethod
    def disable_unless_alive(cls, session: Session, webhook_id: str, since: datetime) -> None:
        """Disable it when its address has taken nothing since this moment."""
        row = session.get_one(cls, webhook_id)
        if row.last_success_at is None or row.last_success_at < since:
            reason = "Its address took nothing through all tries of a delivery."
            cls.disable(session, webhook_id, reason)


def _new_secret() -> str:
    """A symmetric secret in the form of Standard Webhooks: `whsec_` and base64 of 32 bytes."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()}"
