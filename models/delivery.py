"""Deliveries: the outbox of webhooks, claimed with a lease and retried until they arrive."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now
from models.webhook import Webhook

STATES = ("pending", "delivered", "failed")
_LOG = 30
"""Tries that the log of a delivery keeps: the last ones."""


class Delivery(Base):
    """One notice for one webhook: `pending` until it has arrived or is given up.

    `due_at` is when it is sent next; a claim moves it beyond the lease, so what a killed process
    had in hand is sent again. `claims` fences: who was overtaken records nothing.
    """

    __tablename__ = "deliveries"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(16), default="pending")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    claims: Mapped[int] = mapped_column(Integer, default=0)
    log: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    due_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("webhook_id", "notice_id"),
        Index("ix_deliveries_state_due_at", "state", "due_at"),
        Index("ix_deliveries_webhook_id_id", "webhook_id", "id"),
    )

    @classmethod
    def enqueue(cls, session: Session, webhook_id: str, notice_id: str) -> "Delivery":
        """Send a notice to a webhook, from the commit of this transaction on."""
        row = cls(id=ids.new("dlv"), webhook_id=webhook_id, notice_id=notice_id)
        session.add(row)
        session.flush()
        return row

    @classmethod
    def find(cls, session: Session, project_id: str, delivery_id: str) -> "Delivery | None":
        """The project's delivery of this id."""
        return session.scalar(
            select(cls)
            .join(Webhook, Webhook.id == cls.webhook_id)
            .where(cls.id == delivery_id, Webhook.project_id == project_id)
        )

    @classmethod
    def page(
        cls,
        session: Session,
        webhook_id: str,
        size: int,
        after: str | None = None,
        state: str | None = None,
    ) -> list["Delivery"]:
        """Up to `size` deliveries to a webhook older than `after`, newest first."""
        query = select(cls).where(cls.webhook_id == webhook_id).order_by(cls.id.desc()).limit(size)
        if state is not None:
            query = query.where(cls.state == state)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    @classmethod
    def is_due(cls, session: Session, busy: Sequence[str] = ()) -> bool:
        """Whether there is anything to claim, of other webhooks than the busy ones."""
        due = exists().where(
            cls.webhook_id == Webhook.id,
            Webhook.state == "enabled",
            cls.state == "pending",
            cls.due_at <= now(),
            cls.webhook_id.not_in(busy),
        )
        return bool(session.scalar(select(due)))

    @classmethod
    def claim(
        cls, session: Session, most: int, each: int, lease: float, busy: Sequence[str] = ()
    ) -> list["Delivery"]:
        """Take up to `most` that are due, `each` of one webhook at most, oldest first.

        Of the webhooks that are `busy` none is taken. So an address that answers slowly does not
        keep the others waiting.
        """
        due = (cls.state == "pending") & (cls.due_at <= now())
        place = func.row_number().over(partition_by=cls.webhook_id, order_by=cls.due_at)
        ranked = (
            select(cls.id, cls.due_at, place.label("place"))
            .join(Webhook, Webhook.id == cls.webhook_id)
            .where(due, Webhook.state == "enabled", cls.webhook_id.not_in(busy))
            .subquery()
        )
        chosen = select(ranked.c.id).where(ranked.c.place <= each)
        wanted = list(session.scalars(chosen.order_by(ranked.c.due_at).limit(most)))
        if not wanted:
            return []
        return list(
            session.scalars(
                update(cls)
                .where(cls.id.in_(wanted), due)
                .values(claims=cls.claims + 1, due_at=now(lease))
                .returning(cls)
                .execution_options(synchronize_session=False)
            )
        )

    def settle(
        self, session: Session, entry: dict[str, Any], state: str, wait: float | None = None
    ) -> bool:
        """Record a try by whoever claimed it last; False for one that was overtaken.

        `wait` is the seconds until the next try, where the state stays `pending`.
        """
        changed = session.execute(
            update(Delivery)
            .where(
                Delivery.id == self.id,
                Delivery.claims == self.claims,
                Delivery.state == "pending",
            )
            .values(
                state=state,
                tries=Delivery.tries + 1,
                log=[*self.log, entry][-_LOG:],
                due_at=now(wait or 0.0),
                delivered_at=now() if state == "delivered" else None,
            )
            .execution_options(synchronize_session=False)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]

    @classmethod
    def replay(cls, session: Session, webhook_id: str, notice_id: str) -> "Delivery":
        """Send a notice again, as if it were new, or for the first time."""
        row = session.scalar(
            update(cls)
            .where(cls.webhook_id == webhook_id, cls.notice_id == notice_id)
            .values(
                state="pending", tries=0, claims=cls.claims + 1, due_at=now(), delivered_at=None
            )
            .returning(cls)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return row or cls.enqueue(session, webhook_id, notice_id)
