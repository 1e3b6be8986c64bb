"""`lamina webhooks`."""

from typing import Annotated, Any

import typer

from lamina.cli import screen, words
from lamina.cli.help import command_group
from lamina.cli.options import Json
from lamina.cli.session import connect

group = command_group("Be told by signed requests when something happens.")

WebhookId = Annotated[str, typer.Argument(metavar="WEBHOOK", help="A webhook's id, whk_…")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="job.succeeded, job.reached, dataset.ready…; may be repeated"),
]
Filter = Annotated[
    str | None, typer.Option(help="Only jobs such as 'metrics.val_accuracy.last > 0.9'")
]


@group.command()
def create(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where to send to")],
    event: Events = None,
    filter: Filter = None,
    description: Annotated[str, typer.Option(help="What it is for")] = "",
    as_json: Json = False,
) -> None:
    """Make a webhook; its secret is shown once."""
    given: Any = event
    made = connect(context).webhooks.create(url, given, filter, description)
    _show_secret(made, as_json)


@group.command(name="list")
def list_(context: typer.Context, as_json: Json = False) -> None:
    """List webhooks, newest first."""
    found = list(connect(context).webhooks.list())
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [
        (
            one.id,
            one.url,
            ", ".join(one.events),
            one.state,
            words.ago(one.last_success_at) if one.last_success_at else "never",
        )
        for one in found
    ]
    screen.print_table(("webhook", "address", "events", "state", "arrived"), rows)


@group.command()
def deliveries(
    context: typer.Context,
    webhook: WebhookId,
    state: Annotated[str | None, typer.Option(help="pending, delivered or failed")] = None,
    as_json: Json = False,
) -> None:
    """What was sent to a webhook, and what came back."""
    found = list(connect(context).webhooks.deliveries(webhook, state))
    if as_json:
        for one in found:
            screen.print_json(one)
        return
    rows = [(one.id, one.type, one.subject, one.state, str(one.tries), _last(one)) for one in found]
    screen.print_table(("delivery", "type", "of", "state", "tries", "last answer"), rows)


@group.command()
def test(context: typer.Context, webhook: WebhookId) -> None:
    """Send a test to a webhook."""
    print(f"{connect(context).webhooks.test(webhook).id} goes out")


@group.command()
def rotate(context: typer.Context, webhook: WebhookId, as_json: Json = False) -> None:
    """Give a webhook a new secret; the old one signs too for a day."""
    _show_secret(connect(context).webhooks.rotate(webhook), as_json)


@group.command()
def replay(
    context: typer.Context,
    webhook: WebhookId,
    delivery: Annotated[str | None, typer.Option(help="This delivery alone, dlv_…")] = None,
    since: Annotated[str | None, typer.Option(help="Everything from this event on, evt_…")] = None,
) -> None:
    """Send a delivery again, or everything from an event on."""
    if (delivery is None) == (since is None):
        raise typer.BadParameter("give --delivery or --since")
    count = connect(context).webhooks.replay(webhook, delivery=delivery, since=since)
    print(f"{count} deliveries go again")


@group.command()
def enable(context: typer.Context, webhook: WebhookId) -> None:
    """Enable a webhook that was disabled."""
    print(f"{connect(context).webhooks.change(webhook, state='enabled').id} enabled")


@group.command()
def delete(context: typer.Context, webhook: WebhookId) -> None:
    """Delete a webhook."""
    connect(context).webhooks.delete(webhook)
    print(f"{webhook} deleted")


def _show_secret(webhook: Any, as_json: bool) -> None:
    if as_json:
        screen.print_json(webhook)
        return
    print(webhook.secret)
    screen.note(f"{webhook.id}: keep the secret, it is not shown again")


def _last(delivery: Any) -> str:
    if not delivery.log:
        return ""
    last = delivery.log[-1]
    return str(last.status) if last.status is not None else words.clean(last.detail or "")
