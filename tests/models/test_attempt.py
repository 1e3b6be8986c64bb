"""Claims, fences and the moves of jobs, on both databases."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.attempt import Attempt, Superseded
from models.base import now
from models.claim import claim_next
from models.database import Database
from models.dataset import Dataset
from models.event import Event
from models.job import Job
from models.metric import MetricPoint, MetricSummary
from models.model import TrainedModel
from models.project import Project
from models.reaper import reap
from models.slot import Slot
from models.worker import Worker

LEASE = 60.0
HOST = "here"


def make_job(database: Database, **values: Any) -> str:
    """A queued job of the default project."""
    with database.session() as session:
        project = Project.default(session)
        dataset = Dataset(id=Dataset.new_id(), project_id=project.id, bytes=1, digest="0" * 64)
        session.add(dataset)
        session.flush()
        job = Job.submit(
            session,
            project.id,
            dataset_id=dataset.id,
            max_seconds=10,
            **{"request": {}, "plan": {}, **values},
        )
        return job.id


def make_slots(database: Database, cpu: int = 1, gpu: int = 0) -> None:
    """Slots of the host."""
    devices = [("cpu", f"cpu:{i}") for i in range(cpu)] + [("gpu", f"GPU-{i}") for i in range(gpu)]
    found = [
        {"kind": kind, "device": device, "name": None, "memory_bytes": 2**30}
        for kind, device in devices
    ]
    with database.session() as session:
        Slot.declare(session, HOST, found)


def claim(database: Database, host: str = HOST) -> Attempt | None:
    with database.session() as session:
        return claim_next(session, "wrk_1", host, LEASE)


def state_of(database: Database, job_id: str) -> str:
    with database.reading() as session:
        return session.get_one(Job, job_id).state


def expire(database: Database) -> None:
    """Let every lease run out."""
    with database.session() as session:
        session.execute(update(Job).values(lease_until=now(-1)))


def test_claims_by_priority_then_age(database: Database) -> None:
    make_slots(database, cpu=3)
    first, second = make_job(database), make_job(database)
    urgent = make_job(database, priority=5)
    taken = [claim(database) for _ in range(3)]
    assert [attempt.job.id for attempt in taken if attempt] == [urgent, first, second]


def test_claims_nothing_without_a_free_slot(database: Database) -> None:
    make_slots(database, cpu=1)
    job_id = make_job(database)
    make_job(database)
    attempt = claim(database)
    assert attempt is not None
    assert (attempt.job.id, attempt.number) == (job_id, 1)
    assert [slot.device for slot in attempt.slots] == ["cpu:0"]
    assert claim(database) is None
    with database.session() as session:
        attempt.fail(session, {"code": "internal"})
    assert claim(database) is not None


@pytest.mark.parametrize(
    ("cpu", "gpu", "wanted", "devices"),
    [
        (1, 2, None, ["GPU-0"]),
        (1, 0, None, ["cpu:0"]),
        (1, 2, 2, ["GPU-0", "GPU-1"]),
        (1, 1, 2, None),
        (1, 1, 0, ["cpu:0"]),
        (0, 1, 0, None),
    ],
)
def test_claims_the_slots_that_a_job_asks_for(
    database: Database, cpu: int, gpu: int, wanted: int | None, devices: list[str] | None
) -> None:
    make_slots(database, cpu=cpu, gpu=gpu)
    make_job(database, gpus=wanted)
    attempt = claim(database)
    assert (attempt and [slot.device for slot in attempt.slots]) == devices


def raises_superseded(database: Database, write: Callable[[Session], object]) -> bool:
    try:
        with database.session() as session:
            write(session)
    except Superseded:
        return True
    return False


def test_a_superseded_attempt_can_write_nothing(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    old = claim(database)
    assert old is not None
    expire(database)
    with database.session() as session:
        assert reap(session) == 1
    new = claim(database)
    assert new is not None
    assert new.number == 2
    model = {
        "id": "mdl_1", "project_id": old.job.project_id, "job_id": job_id, "attempt": 1,
        "dataset_id": old.job.dataset_id, "prefix": "p", "files": {}, "stack": {},
    }  # fmt: skip
    writes = {
        "renew": lambda s: old.renew(s, LEASE),
        "report": lambda s: old.report(s, "warning", {}),
        "start": lambda s: old.report_start(
            s, {}, {"epochs": 1, "steps_per_epoch": 1, "from_epoch": 0}
        ),
        "epoch": lambda s: old.report_epoch(s, 0, {"loss": 1.0}, 0.1),
        "progress": lambda s: old.report_progress(s, {}, 1, {"loss": 1.0}),
        "lines": lambda s: old.report_lines(s, 0, [("stdout", "x")]),
        "checkpoint": lambda s: old.record_checkpoint(s, {"epoch": 3}),
        "succeed": lambda s: old.succeed(s, TrainedModel(**model)),
        "fail": lambda s: old.fail(s, {"code": "internal"}),
        "cancel": old.cancel,
        "give back": lambda s: old.give_back(s, "handover", 0),
    }
    for name, write in writes.items():
        assert raises_superseded(database, write), f"{name} was not fenced"
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.attempt, job.checkpoint) == ("running", 2, None)
        assert session.scalars(select(MetricPoint)).all() == []
        assert session.scalars(select(TrainedModel)).all() == []


def test_reaping_ends_after_too_many_failures(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database, max_failures=2)
    for expected in ("queued", "failed"):
        assert claim(database) is not None
        expire(database)
        with database.session() as session:
            reap(session)
        assert state_of(database, job_id) == expected
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        assert job.error is not None
        assert job.error["code"] == "worker-lost"
        assert [event.seq for event in Event.after(session, job_id)] == list(
            range(1, job.event_seq + 1)
        )


def test_a_lost_cancelling_job_becomes_cancelled(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    assert claim(database) is not None
    with database.session() as session:
        assert session.get_one(Job, job_id).request_cancel(session)
    assert state_of(database, job_id) == "cancelling"
    expire(database)
    with database.session() as session:
        assert reap(session) == 1
    assert state_of(database, job_id) == "cancelled"


def test_a_handed_over_job_counts_no_failure_and_frees_its_slot(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    attempt = claim(database)
    assert attempt is not None
    with database.session() as session:
        attempt.give_back(session, "handover", failures=0)
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        assert (job.state, job.failures) == ("queued", 0)
    again = claim(database)
    assert again is not None
    assert again.number == 2


def test_a_new_attempt_rewinds_the_curves_to_its_checkpoint(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    first = claim(database)
    assert first is not None
    with database.session() as session:
        for epoch, loss in enumerate([3.0, 2.0, 0.5]):
            first.report_progress(session, {}, epoch * 10 + 5, {"loss": loss})
            first.report_epoch(session, epoch, {"accuracy": 0.1 * epoch, "loss": loss}, 0.1)
        first.report_start(session, {}, {"epochs": 9, "steps_per_epoch": 10, "from_epoch": 0})
        first.record_checkpoint(session, {"epoch": 1})
        first.give_back(session, "handover", failures=0)
    second = claim(database)
    assert second is not None
    assert second.first_epoch == 2
    with database.reading() as session:
        points = session.scalars(
            select(MetricPoint.x).where(MetricPoint.key == "loss", MetricPoint.axis == "epoch")
        ).all()
        assert sorted(points) == [0, 1]
        steps = session.scalars(select(MetricPoint.x).where(MetricPoint.axis == "step")).all()
        assert sorted(steps) == [5, 15]
        summaries = MetricSummary.of_jobs(session, [job_id])[job_id]
        assert [(s.key, s.last, s.best, s.best_epoch) for s in summaries] == [
            ("accuracy", 0.1, 0.1, 1),
            ("loss", 2.0, 2.0, 1),
        ]
        kinds = [event.kind for event in Event.after(session, job_id)]
        assert "rewound" in kinds


def test_a_damaged_checkpoint_rewinds_further(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    start = {"epochs": 9, "steps_per_epoch": 10, "from_epoch": 0}
    first = claim(database)
    assert first is not None
    with database.session() as session:
        first.report_start(session, {}, start)
        for epoch in range(3):
            first.report_epoch(session, epoch, {"loss": 1.0}, 0.1)
        first.record_checkpoint(session, {"epoch": 2})
        first.give_back(session, "handover", failures=0)
    second = claim(database)
    assert second is not None
    with database.session() as session:
        second.report_start(session, {}, start)
        second.report_epoch(session, 0, {"loss": 2.0}, 0.1)
    with database.reading() as session:
        points = MetricPoint.series(session, job_id, "epoch", ["loss"])
        assert [(point.x, point.value) for point in points] == [(0, 2.0)]


def test_values_that_are_no_numbers_are_kept_as_words(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    attempt = claim(database)
    assert attempt is not None
    with database.session() as session:
        attempt.report_epoch(session, 0, {"loss": 1.0}, 0.1)
        attempt.report_epoch(session, 1, {"loss": "NaN"}, 0.1)
    with database.reading() as session:
        points = MetricPoint.series(session, job_id, "epoch", ["loss"])
        assert [(point.value, point.nonfinite) for point in points] == [(1.0, None), (None, "NaN")]
        summary = MetricSummary.of_jobs(session, [job_id])[job_id][0]
        assert (summary.last, summary.best) == (None, 1.0)


def test_leases_follow_the_clock_of_the_database(database: Database) -> None:
    make_slots(database, cpu=2)
    for lease in (600, 0.2):
        make_job(database)
        with database.session() as session:
            claim_next(session, "wrk_1", HOST, lease)
    time.sleep(0.4)
    with database.session() as session:
        assert reap(session) == 1


def test_workers_are_alive_lost_or_stopped(database: Database) -> None:
    with database.session() as session:
        alive = Worker.register(session, HOST, 1, 60)
        lost = Worker.register(session, HOST, 2, -1)
        stopped = Worker.register(session, HOST, 3, 60)
        Worker.leave(session, stopped.id)
    with database.reading() as session:
        states = {worker.id: state for worker, state in Worker.recent(session)}
    assert states == {alive.id: "alive", lost.id: "lost", stopped.id: "stopped"}


def test_findings_are_kept_while_it_runs_and_begin_anew(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    attempt = claim(database)
    assert attempt is not None
    start = {"epochs": 4, "steps_per_epoch": 10, "from_epoch": 0}
    for rules in (("overfitting", "plateau"), ("plateau",)):
        with database.session() as session:
            attempt.report_start(session, {"kind": "cpu", "name": None}, start)
        for rule in rules:
            with database.session() as session:
                attempt.report_advice(session, {"rule": rule})
        with database.reading() as session:
            assert session.get_one(Job, job_id).findings == [{"rule": rule} for rule in rules]


def test_learning_rates_have_an_axis_of_their_own(database: Database) -> None:
    make_slots(database)
    job_id = make_job(database)
    attempt = claim(database)
    assert attempt is not None
    for epoch, rate in enumerate((0.1, None, 0.05)):
        with database.session() as session:
            attempt.report_epoch(session, epoch, {"loss": 1.0}, 0.5, learning_rate=rate)
    with database.session() as session:
        assert MetricPoint.keys(session, job_id) == ["loss"]
        assert MetricPoint.before(session, job_id, 2) == [(0, {"loss": 1.0}), (1, {"loss": 1.0})]
        found = MetricPoint.series(session, job_id, "rate", ["learning_rate"])
        assert [(point.x, point.value) for point in found] == [(0, 0.1), (2, 0.05)]
        MetricPoint.rewind(session, job_id, 1, 11)
        assert len(MetricPoint.series(session, job_id, "rate", ["learning_rate"])) == 1
