"""What a webhook may be: an address that is allowed, and a filter that can be read."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from sqlalchemy.orm import Session

from api.refusal import Refusal, item
from api.validation import refusal
from core.outbound.allowance import Allowance, Forbidden
from core.settings import Settings
from lamina.schemas.problem import ProblemItem
from models.job_fields import FIELDS
from models.query import QueryError, condition, parse
from models.webhook import Webhook


def demand(
    settings: Settings,
    session: Session,
    url: str | None,
    events: Sequence[str],
    filter: str | None,
) -> None:
    """Raise Refusal (422) with all that is wrong; the address is looked at unless it is None.

    To where a name leads is judged at every delivery, when it is connected to.
    """
    found = [*_address(settings.webhook_allowance, url), *_filter(session, events, filter)]
    if found:
        raise refusal(found)


def demand_room(settings: Settings, session: Session, project_id: str) -> None:
    """Raise Refusal (429) when the project has as many webhooks as it may."""
    if Webhook.count(session, project_id) >= settings.webhooks_open:
        detail = f"The project has {settings.webhooks_open} webhooks; delete one first."
        raise Refusal("quota-exceeded", detail)


def _address(allowance: Allowance, url: str | None) -> Iterator[ProblemItem]:
    if url is None:
        return
    try:
        target = allowance.admit(url)
    except Forbidden as error:
        yield item("/url", "forbidden-url", str(error))
        return
    try:
        address = ip_address(target.host)
    except ValueError:
        return
    if not allowance.admits(address):
        yield item("/url", "forbidden-url", "The host has no public address.")


def _filter(session: Session, events: Sequence[str], filter: str | None) -> Iterator[ProblemItem]:
    if filter is None:
        if "job.reached" in events:
            yield item("/filter", "missing-field", "`job.reached` needs a filter to reach.")
        return
    try:
        condition(parse(filter), FIELDS, session.get_bind().dialect.name)
    except QueryError as error:
        near = (error.name, error.known) if error.name else None
        yield item("/filter", "bad-value", error.detail, near=near)
    if not any(name.startswith("job.") for name in events):
        yield item("/filter", "bad-value", "A filter is one of jobs; no type `job.…` is asked for.")
