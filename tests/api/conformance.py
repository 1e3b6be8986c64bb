"""Schemathesis's engine over the OpenAPI document of a served application."""

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tests.api.running import Running

PHASES = ("examples", "coverage", "fuzzing", "stateful")
EXPECTED = {
    # Bodies that the schema allows may be refused for what they say.
    "positive_data_acceptance": {"enabled": False},
    # Nothing is wrong with an answer that the caller has too much or that a part is away.
    "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]},
    # Tus has its own status for the header that says its version.
    "negative_data_rejection": {
        "expected-statuses": [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 503]
    },
}
"""What differs from all checks as Schemathesis has them."""


OFF = {"enabled": False}
EXCEPTIONS = [
    # Of another type than JSON the body is the file itself: any bytes.
    {
        "include-operation-id": ["datasets_create", "files_create"],
        "checks": {"negative_data_rejection": OFF},
    },
    # Keys may be made for other projects, whose keys the caller does not see; one that is revoked
    # opens nothing, but its record stays.
    {
        "include-operation-id": [
            *("keys_create", "keys_get", "keys_change", "keys_revoke", "keys_rotate")
        ],
        "checks": {"ensure_resource_availability": OFF, "use_after_free": OFF},
    },
]
"""What differs for some operations."""

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


@dataclass
class Outcome:
    """How many requests were made of each operation, their statuses, and what was wrong."""

    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def take(self, event: events.EngineEvent) -> None:
        """Read one event of a run."""
        if isinstance(event, events.ScenarioFinished):
            self._read(event.recorder)
        elif isinstance(event, events.NonFatalError):
            self.wrong.append(f"{event.label}: {event.info}")
        elif isinstance(event, events.FatalError):
            self.wrong.append(str(event.exception))

    def _read(self, recorder: Any) -> None:
        for interaction in recorder.interactions.values():
            self.requests[recorder.label] += 1
            if interaction.response is not None:
                self.statuses[interaction.response.status_code] += 1
        for checks in recorder.checks.values():
            for check in checks:
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    sample = check.failure_info.code_sample[:500]
                    self.wrong.append(f"{recorder.label} {check.name}: {failure.message}\n{sample}")


def conform(
    served: Running,
    secret: str | None,
    phases: tuple[str, ...],
    examples: int,
    skip: str,
    **changes: Any,
) -> Outcome:
    """Run these phases with so many examples an operation; `skip` matches operations left out."""
    config = SchemathesisConfig.from_dict(
        {
            "base-url": served.url,
            "headers": {} if secret is None else {"Authorization": f"Bearer {secret}"},
            "continue-on-failure": True,
            "request-timeout": 60,
            "generation": {
                **{"max-examples": examples, "deterministic": True},
                **{"database": "none", "no-shrink": True},
            },
            "phases": {
                name: {"enabled": name in phases, **changes.get(name, {})} for name in PHASES
            },
            "checks": EXPECTED,
            "operations": [{"include-operation-id-regex": skip, "enabled": False}, *EXCEPTIONS],
        }
    )
    schema = schemathesis.openapi.from_dict(_document(served), config=config)
    outcome = Outcome()
    for event in from_schema(schema).execute():
        outcome.take(event)
    return outcome


def _document(served: Running) -> dict[str, Any]:
    """The document as served, but for the layers, of which there are too many to go through.

    They have tests of their own.
    """
    document = copy.deepcopy(served.app.openapi())
    document["components"]["schemas"]["Stack"] = {"type": ["array", "object"]}
    return document
