"""The tables keep what the oracle says, whatever comes in whatever order; and would be caught."""

import random

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from models.database import Database
from tests.models.lifecycle.machine import Lifecycle
from tests.models.lifecycle.mutants import MUTANTS

_QUIET = settings(
    database=None, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck)
)

_SHORT = "the number in fences"


@pytest.fixture
def machine(database: Database) -> type[Lifecycle]:
    """The machine on a database that need not survive a loss of power."""
    safe = "SET synchronous_commit TO off"
    if database.engine.dialect.name == "sqlite":
        safe = "PRAGMA synchronous = OFF"

    @event.listens_for(database.engine, "connect")
    def _hurry(connection: object, _record: object) -> None:
        connection.execute(safe)  # type: ignore[attr-defined]

    return type("Machine", (Lifecycle,), {"database": database})


def run(
    machine: type[Lifecycle], examples: int, steps: int, number: int | None = None, **more: object
) -> None:
    """Run random lives of jobs; the seed is printed, and `number` brings them back."""
    if number is None:
        number = random.SystemRandom().randrange(2**32)
    print(f"{examples} lives of {steps} steps from seed {number}")  # noqa: T201
    wanted = settings(_QUIET, max_examples=examples, stateful_step_count=steps, **more)
    run_state_machine_as_test(seed(number)(machine), settings=wanted)


def test_every_move_is_the_one_that_was_due(machine: type[Lifecycle]) -> None:
    run(machine, examples=5, steps=40, phases=[Phase.generate])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_move_is_the_one_that_was_due_for_long(machine: type[Lifecycle]) -> None:
    machine.thorough = 1
    run(machine, examples=1000, steps=80)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "mutant",
    [one if one == _SHORT else pytest.param(one, marks=pytest.mark.long) for one in MUTANTS],
)
def test_the_machine_finds_what_is_missing(
    machine: type[Lifecycle], mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        run(
            *(machine, 1000, 40, 2 if mutant == _SHORT else 1),
            phases=[Phase.generate],
            report_multiple_bugs=False,
        )
