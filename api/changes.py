"""Changes of a stored request, as a client sends them: a merge patch or a list of steps."""

from typing import Any

from api import gate
from api.refusal import Refusal, item
from lamina.patch import PatchError, apply, merge

MERGE = "application/merge-patch+json"
STEPS = "application/json-patch+json"


def changed(document: dict[str, Any], changes: Any, kind: str, limits: gate.Limits) -> Any:
    """The document after the changes, None for none. Raises Refusal (413, 422).

    `kind` is their media type; where it is plain JSON, a list is a JSON Patch (RFC 6902) and an
    object a merge patch (RFC 7396).
    """
    if changes is None:
        return document
    if kind == STEPS or (kind != MERGE and isinstance(changes, list)):
        return _stepped(document, changes, limits)
    if not isinstance(changes, dict):
        detail = "This must be an object that is merged into the request, or a JSON Patch."
        raise Refusal("invalid-request", detail, [item("", "bad-type", detail)])
    return merge(document, changes)


def _stepped(document: dict[str, Any], steps: Any, limits: gate.Limits) -> Any:
    if not isinstance(steps, list):
        detail = "A JSON Patch is a list of steps, each with `op` and `path`."
        raise Refusal("invalid-request", detail, [item("", "bad-type", detail)])
    try:
        found = apply(document, steps, most=limits.nodes)
    except PatchError as error:
        place = "" if error.place is None else f"/{error.place}"
        detail = f"The patch does not apply: {error}."
        raise Refusal("invalid-request", detail, [item(place, "bad-value", detail)]) from None
    gate.check(found, limits)
    return found
