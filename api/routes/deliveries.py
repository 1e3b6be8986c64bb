"""The deliveries of webhooks: their log, and sending them again."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Reader, Trainer
from api.body import Document
from api.contract import accepts, refusals, resource
from api.lookup import DeliveryId, WebhookId, find, refuse_foreign
from api.paging import SliceDep
from api.presenters.webhook import present_deliveries
from api.refusal import Refusal, item, shown
from api.services import ReadingDep, SessionDep
from api.validation import read, refusal
from lamina.schemas.page import Page
from lamina.schemas.webhook import Delivery, Replay, ReplayRequest
from models import delivery as table
from models.notice import Notice
from models.outbox import replay_from
from models.webhook import Webhook

router = APIRouter(prefix="/v1/webhooks/{webhook_id}", tags=["webhooks"])

_AT_ONCE = 1000

State = Annotated[
    Literal["pending", "delivered", "failed"] | None, Query(description="only those in this state")
]


@router.get(
    "/deliveries",
    operation_id="deliveries_list",
    summary="List the deliveries of a webhook",
    responses={
        200: resource(Page[Delivery], "A page, newest first."),
        **refusals("not-found"),
    },
)
def list_deliveries(
    webhook_id: WebhookId, session: ReadingDep, caller: Reader, part: SliceDep, state: State = None
) -> Response:
    """Every delivery with its tries: when, how long, and what came back."""
    webhook = find(session, Webhook, caller, webhook_id)
    rows = table.Delivery.page(session, webhook.id, part.asked, part.after, state)
    return part.page(rows, lambda shown: present_deliveries(session, shown))


@router.get(
    "/deliveries/{delivery_id}",
    operation_id="deliveries_get",
    summary="Get a delivery",
    responses={200: resource(Delivery, "The delivery."), **refusals("not-found")},
)
def get_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, session: ReadingDep, caller: Reader
) -> Response:
    """One delivery with its tries."""
    row = _delivery(session, caller, webhook_id, delivery_id)
    return answer(present_deliveries(session, [row])[0])


@router.post(
    "/deliveries/{delivery_id}/replay",
    operation_id="deliveries_replay",
    summary="Send a delivery again",
    status_code=202,
    responses={202: resource(Delivery, "It is sent again."), **refusals("not-found")},
)
def replay_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, session: SessionDep, caller: Trainer
) -> Response:
    """With the same `webhook-id`, whether it had arrived or not."""
    row = _delivery(session, caller, webhook_id, delivery_id)
    again = table.Delivery.replay(session, row.webhook_id, row.notice_id)
    return answer(present_deliveries(session, [again])[0], 202)


@router.post(
    "/replay",
    operation_id="webhooks_replay",
    summary="Send everything again from an event on",
    status_code=202,
    openapi_extra=accepts(
        ReplayRequest,
        first={"from_event": "evt_01kaz8v7m2f5q0r9x3n6t4w1yc"},
        next={"from_event": "evt_01kaz8v7m2f5q0r9x3n6t4w1yd"},
    ),
    responses={
        202: resource(Replay, "How many deliveries go again."),
        **refusals("not-found", "too-large", "unsupported-media-type", "invalid-request"),
    },
)
def replay_all(
    webhook_id: WebhookId, session: SessionDep, caller: Trainer, document: Document
) -> Response:
    """What was sent to it from this event on, and what it asks for today; 1,000 events a call."""
    webhook = find(session, Webhook, caller, webhook_id)
    first = read(ReplayRequest, document).from_event
    if Notice.find(session, caller.project_id, first) is None:
        gone = item("/from_event", "bad-value", "There is no such event, or not any more.")
        raise refusal([gone])
    count, following = replay_from(session, webhook, first, _AT_ONCE)
    return answer(Replay(deliveries=count, next_event=following), 202)


def _delivery(
    session: Session, caller: Caller, webhook_id: str, delivery_id: str
) -> table.Delivery:
    refuse_foreign("Webhook", webhook_id)
    row = find(session, table.Delivery, caller, delivery_id)
    if row.webhook_id != webhook_id:
        detail = f"There is no delivery {shown(delivery_id)} to this webhook."
        raise Refusal("not-found", detail)
    return row
