"""Random clients, workers, clocks and reapers on the real tables, compared at every step."""

from collections.abc import Callable
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from models.attempt import Attempt, Superseded
from models.base import Base, now
from models.claim import claim_next
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.model import TrainedModel
from models.project import Project
from models.reaper import reap
from models.slot import Slot
from tests.models.lifecycle import books
from tests.models.lifecycle.oracle import AT_WORK, STEPS, WRITES, Known, Oracle, Run

_LEASE = 3600.0
_HOSTS = {
    "plain": {"plain:0": "cpu", "plain:1": "cpu"},
    "cards": {"GPU-0": "gpu", "GPU-1": "gpu", "cards:0": "cpu"},
}
_NAMES = ("one", "two")


class Lifecycle(RuleBasedStateMachine):
    """Every attempt that ever was keeps trying to write; the oracle says what must come of it."""

    database: ClassVar[Database]
    thorough: ClassVar[int] = 5
    """After how many steps the whole books are compared; they are at the end anyway."""

    jobs: Bundle[str] = Bundle("jobs")
    runs: Bundle[tuple[Attempt, Run]] = Bundle("runs")

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self.oracle = Oracle(_HOSTS)
        with self.database.session() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))
            for host, devices in _HOSTS.items():
                found = [
                    {"kind": kind, "device": device, "name": None, "memory_bytes": 1}
                    for device, kind in devices.items()
                ]
                Slot.declare(session, host, found)
            self.projects = {name: Project.named(session, name).id for name in _NAMES}
            self.datasets = {}
            for name, project in self.projects.items():
                dataset = Dataset(id=Dataset.new_id(), project_id=project, bytes=1, digest="0" * 64)
                session.add(dataset)
                self.datasets[name] = dataset.id

    def _submit(self, project: str, values: dict[str, Any], **known: Any) -> str:
        with self.database.session() as session:
            job = Job.submit(
                *(session, self.projects[project]),
                **(values | {"request": {"stack": {}}, "plan": {}, "max_seconds": 10}),
                dataset_id=self.datasets[project],
            )
        self.oracle.jobs[job.id] = Known(job.id, job.project_id, **(values | known))
        return job.id

    @rule(
        target=jobs,
        project=st.sampled_from(_NAMES),
        priority=st.integers(0, 1),
        gpus=st.sampled_from([None, None, 0, 1, 2]),
        max_failures=st.integers(1, 3),
    )
    def submit(self, project: str, **values: Any) -> str:
        """A client submits a job."""
        return self._submit(project, values)

    def _some(self, *states: str) -> bool:
        return any(job.state in states for job in self.oracle.jobs.values())

    @precondition(lambda self: self._some("failed", "cancelled"))
    @rule(target=jobs, job=jobs)
    def retry(self, job: str) -> Any:
        """A client has an ended job done again, from its checkpoint."""
        ended = self.oracle.jobs[job]
        if ended.state not in ("failed", "cancelled"):
            return multiple()
        with self.database.reading() as session:
            checkpoint = session.get_one(Job, job).checkpoint
        project = next(name for name, one in self.projects.items() if one == ended.project)
        values = {
            "max_failures": ended.max_failures, "gpus": ended.gpus, "retry_of": job,
            "checkpoint": checkpoint,
        }  # fmt: skip
        return self._submit(project, values, checkpoint=ended.checkpoint)

    @precondition(lambda self: self._some("queued"))
    @rule(target=runs, host=st.sampled_from(sorted(_HOSTS)), most=st.sampled_from([0, 0, 0, 2]))
    def claim(self, host: str, most: int) -> Any:
        """A worker asks for work."""
        return self._claim(host, most) or multiple()

    def _claim(self, host: str, most: int) -> tuple[Attempt, Run] | None:
        best = self.oracle.best(host, most)
        with self.database.session() as session:
            attempt = claim_next(session, "wrk_1", host, _LEASE, most)
        assert (attempt and attempt.job.id) == (best and best.id)
        if attempt is None or best is None:
            return None
        run = self.oracle.claim(best, host)
        assert {slot.device for slot in attempt.slots} == best.slots
        assert (attempt.number, attempt.first_epoch) == (run.number, run.first)
        return attempt, run

    @rule(one=runs, write=st.sampled_from(sorted(WRITES)), value=st.integers(0, 3))
    def write(self, one: tuple[Attempt, Run], write: str, value: float) -> None:
        """An attempt, perhaps one that is long over, says something."""
        self._write(*one, write, value)

    @rule(one=runs, values=st.lists(st.integers(0, 3), min_size=1, max_size=3), kept=st.booleans())
    def train(self, one: tuple[Attempt, Run], values: list[float], kept: bool) -> None:
        """An attempt goes on for some epochs, with a checkpoint before the last one or without."""
        self._write(*one, "start", 0)
        for value in values:
            if kept and value is values[-1]:
                self._write(*one, "checkpoint", 0)
            self._write(*one, "progress", value)
            self._write(*one, "epoch", value)

    @rule(one=consumes(runs), write=st.sampled_from(["succeed", "fail", "crash", "hand over"]))
    def end(self, one: tuple[Attempt, Run], write: str) -> None:
        """An attempt ends, and its worker does not speak of it again."""
        self._write(*one, write, 0)

    def _write(self, attempt: Attempt, run: Run, write: str, value: float) -> None:
        if write in ("epoch", "progress", "checkpoint") and not run.started:
            return
        if write.startswith("start") and run.started:
            return
        job = self.oracle.jobs[run.job]
        if write == "progress" and run.next * STEPS + 5 in job.ticks:
            return
        if write == "checkpoint" and not run.next:
            return
        taken = self.oracle.may(run, write)
        try:
            with self.database.session() as session:
                _REAL[write](session, attempt, run, job, value)
                if write == "crash":
                    _put_off(session, run.job)
        except Superseded:
            assert not taken, f"{write} of {run} was refused"
            return
        assert taken, f"{write} of {run} was taken"
        self.oracle.write(run, write, value)

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        """A client cancels."""
        known = self.oracle.jobs[job]
        with self.database.session() as session:
            done = session.get_one(Job, job).request_cancel(session)
        assert done == (known.state in ("queued", *AT_WORK))
        if known.state in ("queued", "running"):
            known.move("cancelled" if known.state == "queued" else "cancelling")

    @precondition(lambda self: self._some("running"))
    @rule(job=jobs)
    def stop(self, job: str) -> None:
        """A client wants the job to end after its epoch."""
        known = self.oracle.jobs[job]
        with self.database.session() as session:
            assert session.get_one(Job, job).request_stop(session) == (known.state == "running")
        known.stop |= known.state == "running"

    @precondition(lambda self: self._some(*AT_WORK))
    @rule(job=jobs)
    def fall_silent(self, job: str) -> None:
        """The lease of a job runs out; it keeps its slots until somebody looks for the lost."""
        known = self.oracle.jobs[job]
        if known.state in AT_WORK:
            known.silent = True
            with self.database.session() as session:
                session.execute(update(Job).where(Job.id == job).values(lease_until=now(-1)))

    @precondition(lambda self: self._some("running"))
    @rule(one=runs, host=st.sampled_from(sorted(_HOSTS)))
    def lose(self, one: tuple[Attempt, Run], host: str) -> None:
        """A worker is lost, its job is queued again; it comes back and speaks of its epochs."""
        self.fall_silent(one[1].job)
        self.reap()
        self._claim(host, 0)
        self._write(*one, "start", 0)
        self._write(*one, "epoch", 0)

    @precondition(lambda self: any(not job.due for job in self.oracle.jobs.values()))
    @rule()
    def wait(self) -> None:
        """The time passes that a job waits after a failure."""
        with self.database.session() as session:
            session.execute(update(Job).values(not_before=None))
        for job in self.oracle.jobs.values():
            job.due = True

    @precondition(lambda self: any(job.silent for job in self.oracle.jobs.values()))
    @rule()
    def reap(self) -> None:
        """Somebody looks for the lost."""
        with self.database.session() as session:
            assert reap(session) == self.oracle.reap()

    @invariant()
    def books_are_right(self) -> None:
        """The tables say what the oracle says, and nothing impossible."""
        self.steps += 1
        if self.steps % self.thorough == 0:
            self._compare()

    def teardown(self) -> None:
        """Compare once more."""
        self._compare()

    def _compare(self) -> None:
        with self.database.reading() as session:
            found, faults = books.read(session), books.faults(session)
        for job in self.oracle.jobs.values():
            known = found[job.id]
            known.due, known.silent, known.steps = job.due, job.silent, job.steps
        assert found == self.oracle.jobs
        assert faults == []


_Real = Callable[[Session, Attempt, Run, Known, float], Any]


def _start(session: Session, attempt: Attempt, from_epoch: int) -> None:
    sizes = {"epochs": 99, "steps_per_epoch": STEPS, "from_epoch": from_epoch}
    attempt.report_start(session, {"kind": "cpu"}, sizes)


def _put_off(session: Session, job: str) -> None:
    """Make the wait after a failure last until `wait`, however slow the steps are."""
    waits = (Job.id == job) & Job.not_before.is_not(None)
    session.execute(update(Job).where(waits).values(not_before=now(_LEASE)))


def _succeed(session: Session, attempt: Attempt, *_: Any) -> None:
    job = attempt.job
    model = TrainedModel(
        id=TrainedModel.new_id(),
        project_id=job.project_id,
        job_id=job.id,
        dataset_id=job.dataset_id,
        attempt=attempt.number,
        prefix=attempt.prefix,
        files={},
        stack={},
    )
    attempt.succeed(session, model)


def _obey(session: Session, attempt: Attempt, _run: Run, job: Known, _value: float) -> None:
    orders = attempt.orders(session)
    assert (orders.cancel, orders.stop) == (job.state == "cancelling", job.stop)


_REAL: dict[str, _Real] = {
    "renew": lambda s, one, *_: one.renew(s, _LEASE),
    "start": lambda s, one, *_: _start(s, one, one.first_epoch),
    "start anew": lambda s, one, *_: _start(s, one, 0),
    "epoch": lambda s, one, run, _, value: one.report_epoch(s, run.next, {"loss": value}, 0.1),
    "progress": lambda s, one, run, _, value: one.report_progress(
        s, {}, run.next * STEPS + 5, {"loss": value}
    ),
    "lines": lambda s, one, _run, job, _: one.report_lines(s, job.lines, [("stdout", "x")]),
    "checkpoint": lambda s, one, run, *_: one.record_checkpoint(s, {"epoch": run.next - 1}),
    "advice": lambda s, one, *_: one.report_advice(s, {"rule": "plateau"}),
    "warning": lambda s, one, *_: one.report(s, "warning", {}),
    "orders": _obey,
    "succeed": _succeed,
    "fail": lambda s, one, *_: one.fail(s, {"code": "internal"}),
    "cancel": lambda s, one, *_: one.cancel(s),
    "hand over": lambda s, one, *_: one.give_back(s, "handover", 0),
    "crash": lambda s, one, *_: one.give_back(s, "crashed", 1),
    "repair": lambda s, one, *_: one.repair(s, {"cause": "out-of-memory"}),
}
