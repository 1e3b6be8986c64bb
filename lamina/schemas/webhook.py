"""Webhooks on the wire, after Standard Webhooks (standardwebhooks.com)."""

from typing import Annotated, Literal

from pydantic import Field

from ._base import DisplayName, Moment, Request, Resource

EventType = Literal[
    "job.queued",
    "job.running",
    "job.cancelling",
    "job.succeeded",
    "job.failed",
    "job.cancelled",
    "job.epoch",
    "job.reached",
    "dataset.ready",
    "dataset.failed",
]
FINAL: tuple[EventType, ...] = (
    "job.succeeded",
    "job.failed",
    "job.cancelled",
    "dataset.ready",
    "dataset.failed",
)
WebhookState = Literal["enabled", "disabled"]
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Events = Annotated[list[EventType], Field(min_length=1, max_length=20)]
Condition = Annotated[str, Field(min_length=1, max_length=2000)]


class WebhookRequest(Request):
    """A new webhook. `filter` is a filter of jobs and applies to the types `job.…` alone.

    `job.epoch` is sent after each epoch for which the filter holds, `job.reached` once: after the
    first such epoch.
    """

    url: Url
    events: Events = list(FINAL)
    filter: Condition | None = None
    description: DisplayName = ""


class WebhookPatch(Request):
    """What is to change of a webhook; what is left out stays. `filter: null` removes it."""

    url: Url | None = None
    events: Events | None = None
    filter: Condition | None = None
    description: DisplayName | None = None
    state: WebhookState | None = None


class ReplayRequest(Request):
    """From which event on a webhook is to be told again."""

    from_event: Annotated[str, Field(min_length=1, max_length=60)]


class Webhook(Resource):
    """A webhook; its secret is shown only by the answers that make or rotate it."""

    id: str
    object: Literal["webhook"] = "webhook"
    url: str
    events: list[str]
    filter: str | None
    description: str
    state: str
    disabled_reason: str | None
    secret: str | None = None
    previous_secret_until: Moment | None
    last_success_at: Moment | None
    created_at: Moment
    updated_at: Moment


class DeliveryTry(Resource):
    """One try of a delivery: the status that came back, or in `detail` why none did."""

    at: Moment
    status: int | None
    detail: str | None
    milliseconds: int


class Delivery(Resource):
    """One event for one webhook. `event` is the `webhook-id` of every try."""

    id: str
    object: Literal["delivery"] = "delivery"
    webhook: str
    event: str
    type: str
    subject: str
    state: Literal["pending", "delivered", "failed"]
    tries: int
    log: list[DeliveryTry]
    next_try_at: Moment | None
    delivered_at: Moment | None
    created_at: Moment


class Replay(Resource):
    """How many deliveries go again; `next_event` is where to go on when there are more events."""

    object: Literal["replay"] = "replay"
    deliveries: int
    next_event: str | None
