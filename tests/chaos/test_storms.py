"""Jobs submitted while everything is killed, frozen and emptied: none lost, none done twice."""

from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS, Fault, postgresql_killed, postgresql_unreachable
from tests.chaos.storm import Storm
from tests.chaos.world import running_world

_WITHOUT_POSTGRESQL: tuple[Fault, ...] = tuple(
    fault for fault in FAULTS if fault not in (postgresql_killed, postgresql_unreachable)
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("database", "seed"),
    [pytest.param("sqlite", 1, marks=pytest.mark.long), ("postgresql", 2)],
)
def test_nothing_is_lost_and_nothing_done_twice(
    tmp_path: Path, database: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = FAULTS if database == "postgresql" else _WITHOUT_POSTGRESQL
    with running_world(tmp_path, database) as world, capsys.disabled():
        assert Storm(world, jobs=10, strikes=8, faults=faults, seed=seed).run() == []


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("seed", range(10, 15))
def test_nothing_is_lost_in_long_storms(
    tmp_path: Path, database: str, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = FAULTS if database == "postgresql" else _WITHOUT_POSTGRESQL
    with running_world(tmp_path, database) as world, capsys.disabled():
        storm = Storm(world, jobs=100, strikes=50, faults=faults, seed=seed)
        assert storm.run() == []
