"""Webhooks and their deliveries as clients see them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lamina.schemas.webhook import Delivery, Webhook
from models import delivery, webhook
from models.notice import Notice


def present(row: webhook.Webhook, *, secret: bool = False) -> Webhook:
    """A row as a resource; the secret only in the answer that makes it."""
    return Webhook.model_validate(
        {
            "id": row.id,
            "url": row.url,
            "events": row.events,
            "filter": row.filter,
            "description": row.description,
            "state": row.state,
            "disabled_reason": row.disabled_reason,
            "secret": row.secret if secret else None,
            "previous_secret_until": row.previous_until,
            "last_success_at": row.last_success_at,
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    )


def present_deliveries(session: Session, rows: Sequence[delivery.Delivery]) -> list[Delivery]:
    """Rows as resources, with what each of them tells of."""
    wanted = [row.notice_id for row in rows]
    notices = {row.id: row for row in session.scalars(select(Notice).where(Notice.id.in_(wanted)))}
    return [_delivery(row, notices[row.notice_id]) for row in rows]


def _delivery(row: delivery.Delivery, notice: Notice) -> Delivery:
    return Delivery.model_validate(
        {
            "id": row.id,
            "webhook": row.webhook_id,
            "event": notice.id,
            "type": notice.type,
            "subject": notice.subject,
            "state": row.state,
            "tries": row.tries,
            "log": row.log,
            "next_try_at": row.due_at if row.state == "pending" else None,
            "delivered_at": row.delivered_at,
            "created_at": row.created_at,
        }
    )
