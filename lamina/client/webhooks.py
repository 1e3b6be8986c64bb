"""The webhooks of a project."""

from collections.abc import Sequence
from typing import Any, Generic

from lamina.schemas.webhook import Delivery, EventType, Replay, Webhook, WebhookState

from .call import Call, at, creating
from .exchange import exchange, fetch
from .operation import Bound, D, operation, stream
from .paging import pages
from .step import Items, Steps


class Webhooks(Bound[D], Generic[D]):
    """Where the service tells what happens, by signed requests (Standard Webhooks)."""

    @stream
    def list(self) -> Items[Webhook]:
        """All webhooks, newest first, without their secrets."""
        return pages(self._driver, "/v1/webhooks", Webhook, {}, lambda webhook: webhook)

    @operation
    def get(self, id: str) -> Steps[Webhook]:
        """One webhook. Raises NotFound."""
        return (yield from fetch(self._driver, Call("GET", at("webhooks", id)), Webhook))

    @operation
    def create(
        self,
        url: str,
        events: Sequence[EventType] | None = None,
        filter: str | None = None,
        description: str = "",
    ) -> Steps[Webhook]:
        """A new webhook; its `secret` is in this answer and never shown again.

        By default it is told of ends: of jobs, and of the reading of datasets. `filter` such as
        `metrics.val_accuracy.last > 0.9` is one of jobs. Raises InvalidRequest.
        """
        given = {"url": url, "events": events and [*events], "filter": filter}
        content: dict[str, Any] = {name: value for name, value in given.items() if value}
        content["description"] = description
        call = creating(Call("POST", "/v1/webhooks", json=content))
        return (yield from fetch(self._driver, call, Webhook))

    @operation
    def change(
        self,
        id: str,
        *,
        url: str | None = None,
        events: Sequence[EventType] | None = None,
        filter: str | None = None,
        description: str | None = None,
        state: WebhookState | None = None,
    ) -> Steps[Webhook]:
        """Change what is given; an empty `filter` removes it. Raises NotFound, InvalidRequest."""
        given = {"url": url, "events": events and [*events], "state": state}
        content: dict[str, Any] = {name: value for name, value in given.items() if value}
        if description is not None:
            content["description"] = description
        if filter is not None:
            content["filter"] = filter or None
        call = Call("PATCH", at("webhooks", id), json=content)
        return (yield from fetch(self._driver, call, Webhook))

    @operation
    def rotate(self, id: str) -> Steps[Webhook]:
        """A new secret, shown once; the old one signs too for a day."""
        # Asked once: a secret is not kept, so nothing can be given twice.
        call = Call("POST", at("webhooks", id, "rotate"), again=False)
        return (yield from fetch(self._driver, call, Webhook))

    @operation
    def test(self, id: str) -> Steps[Delivery]:
        """Have a `webhook.test` sent."""
        call = Call("POST", at("webhooks", id, "test"), again=False)
        return (yield from fetch(self._driver, call, Delivery))

    @stream
    def deliveries(self, id: str, state: str | None = None) -> Items[Delivery]:
        """What was sent to a webhook and what came back, newest first."""
        path, params = at("webhooks", id, "deliveries"), {"state": state}
        return pages(self._driver, path, Delivery, params, lambda delivery: delivery)

    @operation
    def replay(
        self, id: str, *, delivery: str | None = None, since: str | None = None
    ) -> Steps[int]:
        """Send a delivery again, or everything from the event `since` on; how many go again."""
        if delivery is not None:
            path = at("webhooks", id, "deliveries", delivery, "replay")
            yield from fetch(self._driver, Call("POST", path), Delivery)
            return 1
        count, following = 0, since
        while following is not None:
            call = Call("POST", at("webhooks", id, "replay"), json={"from_event": following})
            found = yield from fetch(self._driver, call, Replay)
            count, following = count + found.deliveries, found.next_event
        return count

    @operation
    def delete(self, id: str) -> Steps[None]:
        """Delete a webhook and its deliveries. Raises NotFound."""
        yield from exchange(self._driver, Call("DELETE", at("webhooks", id)))
