"""Every code a client can meet, in one place: problem types, item codes, reasons of failed jobs.

A code is kebab-case, stable, and never reused for another meaning. New codes are additive.
"""

from typing import Final

PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "invalid-request": (422, "The request is not valid"),
    "malformed-request": (400, "The request cannot be read"),
    "invalid-filter": (400, "The filter cannot be read"),
    "digest-mismatch": (400, "The content does not match its digest"),
    "unauthenticated": (401, "An API key is needed"),
    "forbidden": (403, "The API key does not allow this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "The resource does not know this method"),
    "not-acceptable": (406, "The resource has no such representation"),
    "idempotency-key-in-use": (409, "The first request with this Idempotency-Key still runs"),
    "in-use": (409, "Something else still needs it"),
    "job-active": (409, "The job has not ended"),
    "not-ready": (409, "It is not ready yet"),
    "wrong-state": (409, "Its state does not allow this"),
    "precondition-failed": (412, "It has changed since it was read"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "The content type is not supported"),
    "range-not-satisfiable": (416, "The range lies outside the content"),
    "invalid-stack": (422, "The layer stack is not valid"),
    "stack-too-large": (422, "The layer stack is too large"),
    "invalid-training": (422, "The training settings are not valid"),
    "invalid-dataset": (422, "The dataset cannot be read"),
    "invalid-file": (422, "The side file cannot be read"),
    "data-stack-mismatch": (422, "The stack does not fit the data"),
    "idempotency-key-reused": (422, "The Idempotency-Key was used for another request"),
    "quota-exceeded": (429, "The quota is used up"),
    "internal": (500, "The service made a mistake"),
    "queue-full": (503, "The queue is full"),
    "unavailable": (503, "A part of the service is out of reach"),
    "shutting-down": (503, "The service is stopping"),
}
"""Problem slug: (HTTP status, title). Served at `/problems/{slug}`, see RFC 9457."""

ITEMS: Final[dict[str, str]] = {
    "unknown-field": "The object has no such field.",
    "missing-field": "The object lacks a field that it needs.",
    "bad-type": "The value has the wrong type.",
    "bad-value": "The value is not one of those allowed here.",
    "mixed-forms": "Arguments stand both beside class_name and under config.",
    "unknown-layer": "Keras has no layer of this name.",
    "unknown-class": "Keras has no class of this name in this place.",
    "unknown-argument": "The class has no such argument.",
    "missing-argument": "The class needs an argument that is not given.",
    "forbidden-class": "The class can run code or read files and is not allowed.",
    "duplicate-name": "Two layers have the same name.",
    "unknown-input": "No earlier layer has this name.",
    "unknown-output": "No layer has this name.",
    "shape-mismatch": "The shape that arrives does not fit the layer.",
    "build-error": "Keras refused to build the layer.",
    "too-large": "A limit of the service is exceeded.",
    "empty-stack": "The stack has no layer.",
    "unknown-column": "The dataset has no such column.",
    "unknown-dataset": "There is no such dataset.",
    "unknown-file": "There is no such file.",
    "unknown-model": "There is no such model.",
    "dataset-not-ready": "The dataset is not ready.",
    "bad-encoding": "The encoding does not fit the column.",
    "target-mismatch": "The network's output does not fit the target.",
    "loss-mismatch": "The loss does not fit the target or the output.",
    "no-features": "No usable feature column is left.",
    "too-few-rows": "The dataset has too few rows for this request.",
    "unreadable": "The file cannot be read.",
    "empty": "The file holds no data.",
    "unknown-format": "The content is of no known format.",
}
"""Codes of the entries of a problem's `errors`, with what each means."""

JOB_ERRORS: Final[dict[str, tuple[str, bool]]] = {
    "out-of-memory": ("resource", False),
    "crashed": ("platform", True),
    "timed-out": ("resource", False),
    "stalled": ("platform", True),
    "diverged": ("spec", False),
    "worker-lost": ("platform", True),
    "storage-full": ("platform", True),
    "data-error": ("data", False),
    "canary-failed": ("spec", False),
    "invalid-stack": ("spec", False),
    "internal": ("platform", False),
}
"""Codes of `job.error`: (whom to blame: spec, data, resource or platform; is it retried)."""
