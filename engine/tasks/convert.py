"""The task `convert`: a sound stack in its short form or in Keras's own."""

from typing import Any

from engine.plan import clean_session, rehearsal
from engine.port import Port
from engine.stack import Limits, assemble, read
from engine.stack.keras_form import to_keras
from engine.stack.short import shorten


def run(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Convert `stack` into the form `to`: "short" or "keras". Raises Fault with every error."""
    del port
    limits = Limits(**(payload.get("limits") or {}))
    stack, findings = read(payload["stack"], "/stack", limits)
    with clean_session(), rehearsal():
        network = assemble(stack, findings)
        findings.refuse("invalid-stack")
        short = payload["to"] == "short"
        found = shorten(stack) if short else to_keras(stack, network, findings)
        findings.refuse("invalid-stack")
    return {"object": "conversion", "form": payload["to"], "stack": found}
