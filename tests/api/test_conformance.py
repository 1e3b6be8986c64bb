"""The OpenAPI document against the service: all that it allows, and much that it does not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.key import Key
from tests.api.conformance import conform
from tests.api.running import Absent, Lasting, Running, running

STREAMS = "stream$"
"""Operations that do not end by themselves; they have tests of their own."""
SAME = "|^(stacks_check|stacks_suggest|dashboard.*|cheatsheet)$"
"""In the short form: bodies that are parts of a job's, pages that are long and the same."""


def _secret(served: Running) -> str:
    project = served.project()
    with served.database.session() as session:
        _, secret = Key.issue(session, project, "boss", ["admin"])
    served.app.state.guard.forget()
    return secret


@pytest.fixture
def unlimited(make_sqlite: Callable[[], str], tmp_path: Path) -> Iterator[Running]:
    """A service that counts no requests."""
    with running(tmp_path, make_sqlite(), Absent(), request_rate=0) as served:
        yield served


def test_the_edges_of_every_schema(unlimited: Running) -> None:
    coverage = {"unexpected-methods": ["TRACE"]}
    outcome = conform(
        unlimited, _secret(unlimited), ("coverage",), 1, STREAMS + SAME, coverage=coverage
    )
    assert not outcome.wrong, "\n\n".join(outcome.wrong)
    assert outcome.statuses.total() > 1000


@pytest.mark.long
@pytest.mark.parametrize("keyed", [True, False])
def test_whatever_the_schema_allows(
    make_postgresql: Callable[[], str],
    tmp_path: Path,
    engine: Lasting,
    capsys: pytest.CaptureFixture[str],
    keyed: bool,
) -> None:
    with running(tmp_path, make_postgresql(), engine, request_rate=0) as served:
        secret = _secret(served)
        phases = ("examples", "coverage", "fuzzing", "stateful")
        outcome = conform(served, secret if keyed else None, phases, 50, STREAMS)
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{outcome.requests.total()} requests of {len(outcome.requests)} operations,"
            f" answers {dict(sorted(outcome.statuses.items()))}, {len(outcome.wrong)} wrong"
        )
    assert not outcome.wrong, "\n\n".join(outcome.wrong[:50])
