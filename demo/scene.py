"""Something to look at: datasets and jobs of several kinds, and where their pages are."""

from contextlib import suppress
from typing import Any

from lamina import Client, JobFailed

WEBHOOKS = '["https://*"]'
"""The setting `LAMINA_WEBHOOK_TO` of a service in which the scene can be made."""

_FAILING = {"class_name": "SGD", "learning_rate": 1e30}


def fill(client: Client, epochs: int | None = None) -> dict[str, str]:
    """Train on samples; the addresses of all pages after `#/`. Fewer epochs are sooner done."""
    penguins = client.datasets.sample("penguins").wait()
    digits = client.datasets.sample("digits").wait()
    table = client.suggest(penguins.id, target="species").request
    images = client.suggest(digits.id, target="label").request
    small = {**table, "stack": _last(table["stack"])}
    failing = {**table, "compile": {**table["compile"], "optimizer": _FAILING}}
    jobs = [
        client.train(_named(body, name, epochs))
        for body, name in (
            (table, "penguins"),
            (small, "penguins, one layer"),
            (images, "digits"),
            (failing, "too fast"),
        )
    ]
    models = [job.wait().model for job in jobs[:-1]]
    with suppress(JobFailed):
        jobs[-1].wait()
    first, second, pictures, failed = (job.id for job in jobs)
    # The name leads nowhere, so its deliveries show what a failed try looks like.
    webhook = client.webhooks.create("https://hooks.example/lamina")
    client.webhooks.test(webhook.id)
    return {
        "jobs": "jobs",
        "job": f"jobs/{first}",
        "network": f"jobs/{pictures}?tab=Network",
        "evaluation": f"jobs/{pictures}?tab=Evaluation",
        "advice": f"jobs/{first}?tab=Advice",
        "system": f"jobs/{pictures}?tab=System",
        "files": f"jobs/{first}?tab=Files",
        "events": f"jobs/{first}?tab=Events",
        "log": f"jobs/{first}?tab=Log",
        "settings": f"jobs/{first}?tab=Settings",
        "failed": f"jobs/{failed}",
        "compare": f"compare?jobs={first},{second}",
        "new": "new",
        "datasets": "datasets",
        "dataset": f"datasets/{penguins.id}",
        "images": f"datasets/{digits.id}",
        "models": "models",
        "model": f"models/{models[0]}",
        "draw": f"models/{models[2]}",
        "workers": "workers",
        "keys": "keys",
        "webhooks": "webhooks",
        "webhook": f"webhooks/{webhook.id}",
        "usage": "usage",
        "audit": "audit",
    }


def _named(body: dict[str, Any], name: str, epochs: int | None) -> dict[str, Any]:
    fit = {**body.get("fit", {}), **({"epochs": epochs} if epochs else {})}
    return {**body, "display_name": name, "tags": ["sample"], "fit": fit}


def _last(stack: Any) -> Any:
    """The layer that makes the outputs, alone."""
    return {**stack, "layers": stack["layers"][-1:]} if isinstance(stack, dict) else stack[-1:]
