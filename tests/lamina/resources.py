"""Resources as a service sends them, as small as the schema allows."""

from typing import Any

JOB_ID = "job_01kaz8v7m2f5q0r9x3n6t4w1yc"
DATASET_ID = "ds_01kaz8v7m2f5q0r9x3n6t4w1yc"
MODEL_ID = "mdl_01kaz8v7m2f5q0r9x3n6t4w1yc"
_MOMENT = "2026-11-23T19:01:38.000Z"


def job(state: str = "running", **more: Any) -> dict[str, Any]:
    """A job."""
    empty = dict.fromkeys(
        (
            *("display_name", "architecture", "parameters", "progress", "evaluation", "model"),
            *("stop_reason", "error", "device", "queue_position", "started_at", "finished_at"),
        )
    )
    return {
        **empty,
        "id": JOB_ID,
        "state": state,
        "tags": [],
        "metadata": {},
        "dataset": DATASET_ID,
        "request": {"fit": {"epochs": 3}},
        "metrics": {},
        "priority": 0,
        "attempt": 1,
        "failures": 0,
        "created_at": _MOMENT,
        "updated_at": _MOMENT,
        "links": {},
        **more,
    }


def dataset(state: str = "ready", **more: Any) -> dict[str, Any]:
    """A dataset."""
    empty = dict.fromkeys(("name", "filename", "format", "rows", "columns", "classes", "error"))
    return {
        **empty,
        "id": DATASET_ID,
        "state": state,
        "bytes": 3,
        "digest": "00",
        "created_at": _MOMENT,
        "updated_at": _MOMENT,
        "links": {},
        **more,
    }


def key(**more: Any) -> dict[str, Any]:
    """An API key."""
    empty = dict.fromkeys(("secret", "expires_at", "last_used_at", "revoked_at"))
    named = {"id": "key_1", "name": "", "project": "default", "scopes": ["train"]}
    return {**empty, **named, "created_at": _MOMENT, **more}


def model(**more: Any) -> dict[str, Any]:
    """A model."""
    empty = dict.fromkeys(("display_name", "architecture", "parameters"))
    return {
        **empty,
        "id": MODEL_ID,
        "job": JOB_ID,
        "dataset": DATASET_ID,
        "stack": {},
        "files": [],
        "created_at": _MOMENT,
        "links": {},
        **more,
    }


def event(seq: int, kind: str = "epoch", **data: Any) -> dict[str, Any]:
    """A durable event."""
    return {
        "object": "event",
        "job": JOB_ID,
        "seq": seq,
        "attempt": 1,
        "type": kind,
        "at": _MOMENT,
        "data": data,
    }


def page(*elements: Any, token: str | None = None) -> dict[str, Any]:
    """A page of a list."""
    more = token is not None
    return {"object": "list", "data": [*elements], "next_page_token": token, "has_more": more}
