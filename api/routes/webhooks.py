"""Webhooks: made, changed, rotated, tried and deleted."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api import subscription
from api.answers import answer
from api.auth import Reader, Trainer
from api.body import Document
from api.contract import accepts, refusals, resource
from api.idempotency import Answer, OnceDep, digest_of
from api.lookup import WebhookId, find
from api.paging import SliceDep
from api.presenters.webhook import present, present_deliveries
from api.refusal import Refusal
from api.services import ReadingDep, ServicesDep, SessionDep
from api.validation import read
from lamina.schemas.page import Page
from lamina.schemas.webhook import Delivery, Webhook, WebhookPatch, WebhookRequest
from models import outbox
from models import webhook as table

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

_BODY = ("too-large", "unsupported-media-type", "invalid-request")
_SECRET = {"cache-control": "no-store"}


@router.post(
    "",
    operation_id="webhooks_create",
    summary="Make a webhook",
    status_code=201,
    openapi_extra=accepts(
        WebhookRequest,
        ends={"url": "https://example.org/hooks/lamina"},
        threshold={
            "url": "https://example.org/hooks/lamina",
            "events": ["job.reached", "job.failed"],
            "filter": "metrics.val_accuracy.last > 0.9",
        },
    ),
    responses={
        201: resource(Webhook, "The webhook; `secret` is shown only now.", Location="its address"),
        **refusals(*_BODY, "idempotency-key-reused", "quota-exceeded"),
    },
)
def create_webhook(
    services: ServicesDep, caller: Trainer, once: OnceDep, document: Document
) -> Response:
    """Requests follow Standard Webhooks: signed, sent at least once, in no certain order."""
    wanted = read(WebhookRequest, document)

    def make(session: Session) -> Answer:
        subscription.demand_room(services.settings, session, caller.project_id)
        subscription.demand(services.settings, session, wanted.url, wanted.events, wanted.filter)
        values = {**wanted.model_dump(), "events": sorted(set(wanted.events))}
        row = table.Webhook.subscribe(session, caller.project_id, **values)
        headers = {"Location": f"/v1/webhooks/{row.id}", **_SECRET}
        return Answer.of(present(row, secret=True), 201, headers)

    made, replayed = once.create(services.database, digest_of(document), make)
    return made.response(replayed)


@router.get(
    "",
    operation_id="webhooks_list",
    summary="List webhooks",
    responses={200: resource(Page[Webhook], "A page, newest first; without secrets.")},
)
def list_webhooks(session: ReadingDep, caller: Reader, part: SliceDep) -> Response:
    """The webhooks of the project."""
    rows = table.Webhook.page(session, caller.project_id, part.asked, part.after)
    return part.page(rows, lambda shown: [present(row) for row in shown])


@router.get(
    "/{webhook_id}",
    operation_id="webhooks_get",
    summary="Get a webhook",
    responses={200: resource(Webhook, "The webhook."), **refusals("not-found")},
)
def get_webhook(webhook_id: WebhookId, session: ReadingDep, caller: Reader) -> Response:
    """Its address, what it is for, and why it was disabled, if it was."""
    return answer(present(find(session, table.Webhook, caller, webhook_id)))


@router.patch(
    "/{webhook_id}",
    operation_id="webhooks_change",
    summary="Change a webhook",
    openapi_extra=accepts(
        WebhookPatch, enable={"state": "enabled"}, narrow={"events": ["job.failed"]}
    ),
    responses={
        200: resource(Webhook, "The webhook as it is now."),
        **refusals("not-found", *_BODY),
    },
)
def change_webhook(
    webhook_id: WebhookId,
    session: SessionDep,
    services: ServicesDep,
    caller: Trainer,
    document: Document,
) -> Response:
    """A disabled webhook that is enabled again is sent what still waits for it."""
    row = find(session, table.Webhook, caller, webhook_id)
    wanted = read(WebhookPatch, document).model_dump(exclude_unset=True)
    changes = {
        name: value for name, value in wanted.items() if value is not None or name == "filter"
    }
    if "events" in changes:
        changes["events"] = sorted(set(changes["events"]))
    whole = {"events": row.events, "filter": row.filter, **changes}
    subscription.demand(
        services.settings, session, changes.get("url"), whole["events"], whole["filter"]
    )
    row.change(session, **changes)
    return answer(present(row))


@router.delete(
    "/{webhook_id}",
    operation_id="webhooks_delete",
    summary="Delete a webhook",
    status_code=204,
    responses={204: resource(None, "It is gone."), **refusals("not-found")},
)
def delete_webhook(webhook_id: WebhookId, session: SessionDep, caller: Trainer) -> Response:
    """Its deliveries and their log go with it."""
    session.delete(find(session, table.Webhook, caller, webhook_id))
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/rotate",
    operation_id="webhooks_rotate",
    summary="Give a webhook a new secret",
    responses={
        200: resource(Webhook, "The webhook; the new `secret` is shown only now."),
        **refusals("not-found"),
    },
)
def rotate_webhook(
    webhook_id: WebhookId, session: SessionDep, services: ServicesDep, caller: Trainer
) -> Response:
    """For a day every delivery carries two signatures, by the new secret and by the old one."""
    row = find(session, table.Webhook, caller, webhook_id)
    row.rotate(session, services.settings.webhook_overlap_hours)
    return answer(present(row, secret=True), headers=_SECRET)


@router.post(
    "/{webhook_id}/test",
    operation_id="webhooks_test",
    summary="Send a test to a webhook",
    status_code=202,
    responses={
        202: resource(Delivery, "It is sent within moments.", Location="its address"),
        **refusals("not-found", "wrong-state"),
    },
)
def test_webhook(webhook_id: WebhookId, session: SessionDep, caller: Trainer) -> Response:
    """An event of the type `webhook.test`, sent whatever the webhook asks for."""
    row = find(session, table.Webhook, caller, webhook_id)
    if row.state != "enabled":
        raise Refusal("wrong-state", "The webhook is disabled; enable it first.")
    delivery = outbox.tell_of_test(session, row)
    session.refresh(delivery)
    headers = {"Location": f"/v1/webhooks/{row.id}/deliveries/{delivery.id}"}
    return answer(present_deliveries(session, [delivery])[0], 202, headers)
