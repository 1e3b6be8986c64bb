"""What must be known of a job after each move, in plain Python: no tables, no transactions."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

AT_WORK = ("running", "cancelling")
ENDED = ("succeeded", "failed", "cancelled")
STEPS = 10
"""Steps of an epoch."""

Told = tuple[int, str, Any]
"""An event: attempt, kind, and the one thing it says that is compared."""


@dataclass
class Known:
    """One job."""

    id: str
    project: str
    priority: int = 0
    gpus: int | None = None
    max_failures: int = 3
    retry_of: str | None = None
    checkpoint: int | None = None
    state: str = "queued"
    attempt: int = 0
    failures: int = 0
    stop: bool = False
    due: bool = True
    silent: bool = False
    steps: int = 0
    repairs: int = 0
    model: int | None = None
    curve: dict[int, float] = field(default_factory=dict)
    ticks: set[int] = field(default_factory=set)
    lines: int = 0
    events: list[Told] = field(default_factory=lambda: [(0, "state", "queued")])
    slots: set[str] = field(default_factory=set)

    def tell(self, kind: str, said: Any = None) -> None:
        """Add an event of the current attempt."""
        self.events.append((self.attempt, kind, said))

    def move(self, state: str) -> None:
        """Go to a state; whoever leaves a worker leaves its slots."""
        self.state = state
        if state not in AT_WORK:
            self.slots = set()
        self.tell("state", state)

    def rewind(self, epoch: int, steps: int) -> None:
        """Forget the curves from this epoch on."""
        curve = {x: value for x, value in self.curve.items() if x < epoch}
        ticks = {x for x in self.ticks if x < epoch * steps + 1}
        if (curve, ticks) != (self.curve, self.ticks):
            self.curve, self.ticks = curve, ticks
            self.tell("rewound", epoch)


@dataclass
class Run:
    """An attempt as its worker knows it, who may be wrong about still having the job."""

    job: str
    number: int
    first: int
    next: int
    started: bool = False


class Oracle:
    """All jobs, and the slots of hosts: kinds of devices by host and device."""

    def __init__(self, hosts: dict[str, dict[str, str]]) -> None:
        self.hosts = hosts
        self.jobs: dict[str, Known] = {}

    def free(self, host: str, kind: str) -> list[str]:
        """Slots of a kind that nobody holds, in the order of their place."""
        held = {slot for job in self.jobs.values() for slot in job.slots}
        return [
            device for device, one in self.hosts[host].items() if one == kind and device not in held
        ]

    def wanted(self, job: Known, host: str) -> tuple[str, int]:
        """Kind and number of the slots that a job takes on this host."""
        on_gpus = "gpu" in self.hosts[host].values()
        gpus = int(on_gpus) if job.gpus is None else job.gpus
        return ("gpu", gpus) if gpus else ("cpu", 1)

    def best(self, host: str, most: int) -> Known | None:
        """The job that a claim must take: priority, then fair share, then age."""
        running = Counter(job.project for job in self.jobs.values() if job.state in AT_WORK)
        fitting = [
            job
            for job in self.jobs.values()
            if job.state == "queued" and job.due and not (most and running[job.project] >= most)
            if self.wanted(job, host)[1] <= len(self.free(host, self.wanted(job, host)[0]))
        ]
        return min(
            fitting, key=lambda job: (-job.priority, running[job.project], job.id), default=None
        )

    def claim(self, job: Known, host: str) -> Run:
        """A new attempt at a queued job."""
        kind, count = self.wanted(job, host)
        slots = set(self.free(host, kind)[:count])
        job.attempt += 1
        job.silent = False
        first = 0 if job.checkpoint is None else job.checkpoint + 1
        job.rewind(first, job.steps)
        job.move("running")
        job.slots = slots
        return Run(job.id, job.attempt, first, first)

    def reap(self) -> int:
        """What becomes of the silent; how many there were."""
        lost = [job for job in self.jobs.values() if job.state in AT_WORK and job.silent]
        for job in lost:
            if job.state == "cancelling":
                job.move("cancelled")
                continue
            job.failures += 1
            job.move("failed" if job.failures >= job.max_failures else "queued")
        return len(lost)

    def may(self, run: Run, write: str) -> bool:
        """Whether a write of this attempt must be taken."""
        job = self.jobs[run.job]
        if write == "succeed" and job.model == run.number:
            return True  # said again
        return job.attempt == run.number and job.state in LEAVES.get(write, AT_WORK)

    def write(self, run: Run, write: str, value: float) -> None:
        """Take a write of an attempt that has the job."""
        WRITES[write](self.jobs[run.job], run, value)


def _start(job: Known, run: Run, _value: float) -> None:
    job.steps, run.started = STEPS, True
    job.tell("started")


def _start_anew(job: Known, run: Run, value: float) -> None:
    """The checkpoint turned out to be damaged."""
    job.steps = STEPS
    if run.first:
        job.rewind(0, STEPS)
    run.next = 0
    _start(job, run, value)


def _epoch(job: Known, run: Run, value: float) -> None:
    job.curve[run.next] = value
    job.tell("epoch", run.next)
    run.next += 1


def _progress(job: Known, run: Run, _value: float) -> None:
    job.ticks.add(run.next * STEPS + 5)


def _checkpoint(job: Known, run: Run, _value: float) -> None:
    job.checkpoint = run.next - 1
    job.tell("checkpoint", job.checkpoint)


def _renew(job: Known, _run: Run, _value: float) -> None:
    job.silent = False


def _lines(job: Known, _run: Run, _value: float) -> None:
    job.lines += 1


def _succeed(job: Known, run: Run, _value: float) -> None:
    if job.model == run.number:  # said again, because the answer to the commit was lost
        return
    job.model, job.checkpoint = run.number, None
    job.move("succeeded")


def _give_back(job: Known, failures: int) -> None:
    job.failures += failures
    job.due = not failures
    job.move("queued")


def _repair(job: Known, _run: Run, _value: float) -> None:
    job.repairs += 1
    job.tell("repair")
    _give_back(job, 0)


WRITES: dict[str, Callable[[Known, Run, float], None]] = {
    "renew": _renew,
    "start": _start,
    "start anew": _start_anew,
    "epoch": _epoch,
    "progress": _progress,
    "lines": _lines,
    "checkpoint": _checkpoint,
    "advice": lambda job, _run, _value: job.tell("advice"),
    "warning": lambda job, _run, _value: job.tell("warning"),
    "orders": lambda _job, _run, _value: None,
    "succeed": _succeed,
    "fail": lambda job, _run, _value: job.move("failed"),
    "cancel": lambda job, _run, _value: job.move("cancelled"),
    "hand over": lambda job, _run, _value: _give_back(job, 0),
    "crash": lambda job, _run, _value: _give_back(job, 1),
    "repair": _repair,
}
"""What an attempt may say, and what is known afterwards."""

LEAVES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("succeed", "fail", "hand over", "crash", "repair"), ("running",)),
    "cancel": ("cancelling",),
}
"""The states that a write leaves, where it is not any state of a job at work."""
