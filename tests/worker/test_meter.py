"""What an attempt uses over time, from a process that works and a driver that is not here."""

import os
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from models.attempt import MOST_READINGS, Attempt, Superseded
from models.database import Database
from models.metric import MetricPoint
from models.slot import Slot
from tests.models.test_attempt import HOST, claim, expire, make_job, make_slots
from worker.gpu_watch import GpuWatch, Load, read_loads
from worker.meter import Meter

HELD = 40 * 2**20


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Two cards: one that tells all, one that is a part of a divided card."""
    found: dict[str, Any] = {"use": 50, "used": 3 * 2**30}

    def use_of(handle: str) -> Any:
        if handle == "GPU-1":
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return SimpleNamespace(gpu=found["use"])

    def handle_of(uuid: str) -> str:
        if uuid == "GPU-lost":
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return uuid

    for name, answer in {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetHandleByUUID": handle_of,
        "nvmlDeviceGetUtilizationRates": use_of,
        "nvmlDeviceGetMemoryInfo": lambda _handle: SimpleNamespace(used=found["used"]),
    }.items():
        monkeypatch.setattr(pynvml, name, answer)
    return found


def running(database: Database, gpus: int = 0) -> Attempt:
    make_slots(database, cpu=1, gpu=gpus)
    memory = {"memory": {"total_bytes": 1000, "train_bytes": 70}}
    make_job(database, gpus=gpus, plan=memory)
    attempt = claim(database)
    assert attempt is not None
    return attempt


def curves(database: Database, job: str) -> dict[str, dict[int, float | None]]:
    found: dict[str, dict[int, float | None]] = {}
    with database.reading() as session:
        keys = MetricPoint.keys(session, job, "system")
        for point in MetricPoint.series(session, job, "system", keys):
            found.setdefault(point.key, {})[point.x] = point.value
    return found


def metered(database: Database, attempt: Attempt, watch: GpuWatch) -> Callable[[float], None]:
    """Has a meter look at this process, which works, at a second after its start."""
    process: Any = SimpleNamespace(pid=os.getpid(), weigh=lambda: HELD)
    context: Any = SimpleNamespace(database=database, gpus=watch)
    meter, start = Meter(context, attempt), time.monotonic()
    return lambda second: meter.tick(process, start + second)


def test_a_process_is_measured_against_its_plan(database: Database) -> None:
    attempt = running(database)
    at = metered(database, attempt, GpuWatch(database, HOST, []))
    for second in (0.0, 0.1, 1.0, 1.5, 3.5, 4.0):
        at(second)
    found = curves(database, attempt.job.id)
    assert found["memory_bytes"] == {1: HELD, 3: HELD}
    assert found["planned_bytes"] == {1: HELD + 1000, 3: HELD + 1000}
    assert found.keys() == {"cpu_cores", "memory_bytes", "planned_bytes"}
    assert all(value is not None and value >= 0 for value in found["cpu_cores"].values())


def test_cards_are_measured_and_told(database: Database, answers: dict[str, Any]) -> None:
    attempt = running(database, gpus=2)
    watch = GpuWatch(database, HOST, ["GPU-0", "GPU-1"])
    at = metered(database, attempt, watch)
    at(0)
    assert watch.of("GPU-0") is None
    watch.look()
    at(1)
    answers |= {"use": 100, "used": 2**30}
    watch.look()
    at(4)
    found = curves(database, attempt.job.id)
    assert found["gpu0_use"] == {1: 0.5, 4: 1.0}
    assert found["gpu1_memory_bytes"] == {1: 3 * 2**30, 4: 2**30}
    assert found["planned_bytes"][1] == 70
    assert "gpu1_use" not in found
    with database.reading() as session:
        told = {slot.device: slot for slot in Slot.read_lately(session)}
    assert told.keys() == {"GPU-0", "GPU-1"}
    assert (told["GPU-0"].utilization, told["GPU-0"].used_bytes) == (0.5, 3 * 2**30)
    assert told["GPU-1"].utilization is None


def test_a_driver_that_fails_tells_nothing(
    answers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read_loads(["GPU-lost", "GPU-0"]) == {"GPU-0": Load(0.5, 3 * 2**30)}

    def refuse() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", refuse)
    assert read_loads(["GPU-0"]) == {}


def test_readings_stay_few_and_go_on_in_the_next_attempt(database: Database) -> None:
    attempt = running(database)
    job = attempt.job.id

    def report(attempt: Attempt, second: int) -> bool:
        with database.session() as session:
            return attempt.report_readings(session, second, {"memory_bytes": float(second)})

    with database.session() as session:
        for second in range(MOST_READINGS - 2):
            MetricPoint.record(session, job, "system", second, {"memory_bytes": 1.0})
    assert not report(attempt, MOST_READINGS)
    assert report(attempt, MOST_READINGS + 2)
    places = list(curves(database, job)["memory_bytes"])
    assert len(places) <= MOST_READINGS / 2 + 1
    assert (places[0], places[-1]) == (0, MOST_READINGS + 2)
    expire(database)
    with database.session() as session:
        attempt.give_back(session, "lost", failures=0)
    following = claim(database)
    assert following is not None
    assert not report(following, 5)  # this second is told already
    assert list(curves(database, job)["memory_bytes"]) == places
    with pytest.raises(Superseded):
        report(attempt, 10_000)
