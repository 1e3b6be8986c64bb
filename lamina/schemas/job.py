"""Training jobs on the wire: the resource and its parts."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Metadata, Moment, Resource, Tags
from .model import ModelFile

JobState = Literal["queued", "running", "cancelling", "succeeded", "failed", "cancelled"]

TERMINAL_STATES: frozenset[str] = frozenset({"succeeded", "failed", "cancelled"})


class JobError(Resource):
    """Why a job failed, and whom to blame: spec, data, resource or platform."""

    code: str
    blame: Literal["spec", "data", "resource", "platform"]
    retryable: bool
    detail: str
    pointer: str | None = None
    last_good_epoch: int | None = None
    errors: list[JsonObject] = []


class Progress(Resource):
    """Where a running job is; overwritten about twice a second, outside the ETag."""

    epoch: int
    epochs: int
    step: int
    steps_per_epoch: int
    fraction: float
    eta_seconds: float | None = None
    validated: float | None = Field(
        default=None,
        description="share of the validation part that was looked at, once all steps of the epoch "
        "are made; null before, and where there is no such part",
    )
    logs: dict[str, float | None] = {}


class MetricSummary(Resource):
    """The last and the best value of one metric."""

    last: float | None
    best: float | None
    best_epoch: int | None
    mode: Literal["min", "max"]


class Evaluation(Resource):
    """Loss and metrics on the held-out part after training."""

    part: Literal["test", "validation", "dataset"] | None = Field(
        description="`dataset` for all rows of the dataset that a model was evaluated on"
    )
    rows: int
    metrics: dict[str, float | None]
    baseline: JsonObject | None = Field(
        default=None, description="the best trivial predictor on the same rows; by output if many"
    )
    lift_over_baseline: float | dict[str, float | None] | None = Field(
        default=None, description="accuracy less the baseline's, or 1 - mae / the baseline's mae"
    )


class Device(Resource):
    """Where an attempt runs."""

    kind: Literal["cpu", "gpu"]
    name: str | None
    worker: str | None


class JobMemory(Resource):
    """What a training was predicted to take, and the most that it then took, in bytes.

    On a CPU what the process grew by; on a GPU what TensorFlow held of its memory.
    """

    predicted_bytes: int | None
    peak_bytes: int


class Waiting(Resource):
    """What must happen before a queued job starts."""

    code: Literal[
        "no-worker",
        "no-such-host",
        "quota",
        "key-quota",
        "backoff",
        "slots-busy",
        "gpus-busy",
        "behind-others",
        "starting",
    ]
    detail: str


class InitMatch(Resource):
    """A layer and the model's layer whose weights it starts with."""

    layer: str
    source: str


class InitLeft(Resource):
    """A layer that keeps what its initializers give it, and why."""

    layer: str
    reason: str


class Init(Resource):
    """Which layers start from the weights of a trained model, and which do not."""

    model: str
    job: str | None = None
    matched: list[InitMatch]
    left: list[InitLeft]


class Repair(Resource):
    """How a job went on after an attempt ended: a batch in pieces of `micro_batch` rows."""

    attempt: int = Field(description="the one that ended")
    cause: str = Field(examples=["out-of-memory"])
    detail: str
    micro_batch: int = Field(description="rows on a device at a time")
    accumulation: int = Field(description="pieces whose gradients make one step of the optimizer")


class JobResult(Resource):
    """What a prediction for a whole dataset has made: a table in several formats."""

    model: str
    rows: int
    columns: list[str]
    files: list[ModelFile]


class Chosen(Resource):
    """What a training has measured and chosen for itself, where the request leaves it to it."""

    steps_per_execution: int | None = Field(
        default=None, description="steps that are one call of the network"
    )
    learning_rate: float | None = Field(
        default=None,
        description="what the range test before the first epoch found for `auto`; the event "
        "`range-test` has its curve",
    )


class Job(Resource):
    """One request, to train, to predict or to evaluate, and what became of it."""

    id: str
    object: Literal["job"] = "job"
    kind: str = Field(default="train", description="train, predict or evaluate")
    state: JobState
    display_name: str | None
    tags: Tags
    metadata: Metadata
    dataset: str
    model: str | None
    request: JsonObject = Field(description="the body with every default filled in")
    architecture: str | None
    parameters: JsonObject | None
    progress: Progress | None
    metrics: dict[str, MetricSummary]
    evaluation: Evaluation | None
    result: JobResult | None = Field(default=None, description="of a job that predicts")
    advice: list[JsonObject] = []
    priority: int
    attempt: int
    last_event: int = Field(
        default=0, description="number of its newest event; streams go on `after` it"
    )
    failures: int
    retry_of: str | None = None
    cloned_from: str | None = Field(
        default=None, description="the job whose request this one began as"
    )
    cached: bool = Field(
        default=False, description="in the answer to a request with `cache`: no new job was made"
    )
    init: Init | None = Field(default=None, description="what `init_from` came to")
    trace_id: str | None = Field(
        default=None, description="the W3C trace of the request that made it; in log lines too"
    )
    stop_reason: str | None
    error: JobError | None
    device: Device | None
    memory: JobMemory | None = None
    chosen: Chosen | None = Field(default=None, description="once the training has begun")
    repairs: list[Repair] = []
    queue_position: int | None = Field(
        description="how many queued jobs go before it, counted up to 1000"
    )
    waiting: Waiting | None = Field(default=None, description="why a queued job has not started")
    estimated_start: Moment | None = Field(
        default=None,
        description="when a queued job may start, outside the ETag: running jobs end as their "
        "progress foretells, jobs before it take the median of what the project's last jobs of "
        "like size took, else of its jobs, else of all; null where that is not known, no worker "
        "could run it, its project runs as many jobs as it may, or 500 jobs are before it",
    )
    pinned: bool = Field(default=False, description="retention leaves it alone")
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    updated_at: Moment
    links: dict[str, str]

    def _repr_html_(self) -> str:
        from lamina.notebook.job import job as draw

        return draw(self)
