"""Each defence, taken away, lets a storm break promises: so the storms do test it."""

from pathlib import Path

import pytest

from tests.chaos.faults import Fault, redis_flushed, worker_frozen, worker_killed
from tests.chaos.storm import Storm
from tests.chaos.world import running_world

_AIMED: dict[str, tuple[Fault, ...]] = {
    "fences": (worker_frozen,),
    "reaper": (worker_killed,),
    "leases": (redis_flushed,),
}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("mutant", sorted(_AIMED))
def test_a_storm_shows_that_a_defence_is_missing(
    tmp_path: Path, mutant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with running_world(tmp_path, "sqlite", mutant) as world, capsys.disabled():
        storm = Storm(world, jobs=12, strikes=6, faults=_AIMED[mutant], seed=3, seconds=90)
        broken = storm.run()
        print(f"without {mutant}: {broken[:3]}")  # noqa: T201
    assert broken
