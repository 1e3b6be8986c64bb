"""Training jobs on the wire: the request body and the resource."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lamina.codes import EVENTS

from ._base import DisplayName, JsonObject, Metadata, Moment, Request, Resource, Tags
from .model import ModelFile

JobState = Literal["queued", "running", "cancelling", "succeeded", "failed", "cancelled"]
TERMINAL_STATES: frozenset[str] = frozenset({"succeeded", "failed", "cancelled"})

ColumnName = Annotated[str, Field(min_length=1, max_length=1000)]
DatasetId = Annotated[
    str,
    Field(
        max_length=220,
        description="an id, a name (its newest version), `name@2` or `name@latest`",
        examples=["ds_01kaz8v7m2f5q0r9x3n6t4w1yc", "penguins@2"],
    ),
]
Encoding = str | JsonObject


class InputRequest(Request):
    """What feeds one Input of the stack: columns and how they become a tensor."""

    columns: list[ColumnName] = Field(min_length=1)
    encoding: Encoding | list[Encoding] = Field(
        default="auto",
        description="auto, a name, an object with class_name, or one of these for each column: in "
        "a list, or in an object by column name",
    )


class TargetRequest(Request):
    """What an output learns: a column or several, and in which way."""

    columns: ColumnName | Annotated[list[ColumnName], Field(min_length=1, max_length=1000)]
    encoding: Encoding = Field(
        default="auto",
        description="auto, classes, ordinal, multi_label, number, or an object with arguments",
    )


OneTarget = (
    ColumnName | Annotated[list[ColumnName], Field(min_length=1, max_length=1000)] | TargetRequest
)


class SplitRequest(Request):
    """How rows are divided into training, validation and test parts."""

    by: str = Field(default="auto", description="auto, random, stratified, time, group or column")
    column: ColumnName | None = Field(
        default=None,
        description="of times, of groups that stay together, or of the words train, validation "
        "and test",
    )
    validation: float = Field(default=0.2, ge=0, lt=1)
    test: float = Field(default=0.0, ge=0, lt=1)
    seed: int | None = Field(
        default=None, ge=0, lt=2**31, description="of what is drawn by chance; null for fit.seed"
    )


class WindowRequest(Request):
    """Samples of consecutive rows of a time series, and how far ahead their target lies."""

    length: int = Field(ge=1, le=100_000, description="rows of a sample")
    horizon: int = Field(
        default=1, ge=1, le=100_000, description="rows from the last of a sample to its target"
    )
    stride: int = Field(default=1, ge=1, description="rows from one sample to the next")
    key: ColumnName | None = Field(default=None, description="the column that names the series")
    order: ColumnName | None = Field(
        default=None,
        description="the column of times; left out, the only one of dates or row order",
    )


class DataRequest(Request):
    """Which data, and which of its columns play which part."""

    dataset: DatasetId
    target: OneTarget | dict[str, OneTarget] | None = Field(
        default=None,
        description="a column, several for one output, an object with the way, or one of these "
        "by output",
    )
    features: list[ColumnName] | None = Field(default=None, min_length=1)
    inputs: dict[str, InputRequest] | None = Field(default=None, min_length=1)
    sample_weight: ColumnName | None = None
    window: WindowRequest | None = None
    split: SplitRequest = SplitRequest()
    validation: DatasetId | None = None
    test: DatasetId | None = None
    on_findings: Literal["warn", "block"] = Field(
        default="warn",
        description="`block`: with an error or warning found in the data the job is refused, or "
        "fails before it trains where only then it can be found; `warn`: it is told and goes on",
    )


class UntilRequest(Request):
    """A metric and the value at which it is good enough."""

    monitor: str = Field(min_length=1, max_length=200, examples=["val_accuracy"])
    value: float


class FitRequest(Request):
    """The arguments of Keras's `fit` that a job may set, and when it has done enough."""

    epochs: int = Field(default=10, ge=1, le=100_000)
    batch_size: int | Literal["auto"] = Field(default="auto")
    seed: int | None = Field(default=None, ge=0, lt=2**31)
    shuffle: bool = True
    class_weight: Literal["balanced"] | dict[str, float] | None = None
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = Field(
        default="float32",
        description="what layers compute in; mixed keeps weights and outputs in float32",
    )
    deterministic: bool = Field(
        default=False,
        description="only operations that give the same bits again on the same device; slower",
    )
    until: UntilRequest | None = Field(
        default=None, description="ends the training after the epoch in which it is reached"
    )
    max_seconds: float | None = Field(
        default=None,
        gt=0,
        le=30 * 86_400,
        description="time after which the training ends and keeps its model; "
        "resources.max_seconds ends the job without one",
    )
    stop_on: list[Annotated[str, Field(max_length=64)]] = Field(
        default=[],
        max_length=20,
        examples=[["overfitting", "learning-rate-too-high"]],
        description="findings that end the training and keep its model, "
        "`stop_reason` then being `finding:` and the rule's name",
    )


class ResourcesRequest(Request):
    """What the job may use: devices and wall-clock time."""

    gpus: Annotated[int, Field(ge=0, le=1024)] | Literal["auto"] = Field(
        default="auto", description="of one host; a batch is divided among several"
    )
    max_seconds: int = Field(default=86_400, ge=1, le=30 * 86_400)
    on_oom: Literal["auto", "accumulate", "fail"] = Field(
        default="auto",
        description="what follows when memory runs out: `auto` goes on from the last checkpoint "
        "with half as many rows at a time, the gradients of a batch added up, unless something "
        "looks at a whole batch (BatchNormalization); `accumulate` even then; `fail` ends the job",
    )


class InitRequest(Request):
    """The trained model, or the job that made it, whose weights a training starts from."""

    job: Annotated[str, Field(max_length=64)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _one(self) -> "InitRequest":
        if (self.job is None) == (self.model is None):
            raise ValueError("name either a job or a model")
        return self


class JobRequest(Request):
    """A training request. The smallest one names a dataset, a target and a stack."""

    display_name: DisplayName | None = None
    tags: Tags = []
    metadata: Metadata = {}
    data: DataRequest
    stack: JsonObject | list[Any] = Field(description="layers as data, or a bare list of layers")
    compile: JsonObject = {}
    fit: FitRequest = FitRequest()
    callbacks: list[str | JsonObject] = Field(default=[], max_length=50)
    resources: ResourcesRequest = ResourcesRequest()
    init_from: InitRequest | None = Field(
        default=None,
        description="start from the weights of a trained model: those of every layer of the same "
        "name or place, class and shapes; `init` of the job tells which",
    )
    priority: int = Field(default=0, ge=-100, le=100)
    cache: bool = Field(
        default=False,
        description="where a succeeded job of the project has done the same work (stack, settings, "
        "data, seed and versions alike), answer that one, `cached`, and train nothing",
    )


class StackCheckRequest(Request):
    """A stack to be checked, alone or against data and settings."""

    stack: JsonObject | list[Any]
    data: DataRequest | None = None
    compile: JsonObject = {}
    fit: FitRequest = FitRequest()
    callbacks: list[str | JsonObject] = Field(default=[], max_length=50)


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
    """Where a running job is; overwritten at most once a second, outside the ETag."""

    epoch: int
    epochs: int
    step: int
    steps_per_epoch: int
    fraction: float
    eta_seconds: float | None = None
    logs: dict[str, float | None] = {}


class MetricSummary(Resource):
    """The last and the best value of one metric."""

    last: float | None
    best: float | None
    best_epoch: int | None
    mode: Literal["min", "max"]


class Evaluation(Resource):
    """Loss and metrics on the held-out part after training."""

    part: Literal["test", "validation"] | None
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

    code: Literal["no-worker", "no-such-host", "backoff", "slots-busy", "behind-others", "starting"]
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


class Job(Resource):
    """One request, to train or to predict, and what became of it."""

    id: str
    object: Literal["job"] = "job"
    kind: str = Field(default="train", description="train or predict")
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
    failures: int
    retry_of: str | None = None
    cloned_from: str | None = Field(
        default=None, description="the job whose request this one began as"
    )
    cached: bool = Field(
        default=False, description="in the answer to a request with `cache`: no new job was made"
    )
    init: Init | None = Field(default=None, description="what `init_from` came to")
    stop_reason: str | None
    error: JobError | None
    device: Device | None
    memory: JobMemory | None = None
    repairs: list[Repair] = []
    queue_position: int | None
    waiting: Waiting | None = Field(default=None, description="why a queued job has not started")
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    updated_at: Moment
    links: dict[str, str]


class Event(Resource):
    """One line of a job's durable log."""

    object: Literal["event"] = "event"
    job: str
    seq: int
    attempt: int
    type: str = Field(description=", ".join(EVENTS))
    at: Moment
    data: JsonObject


class LogLine(Resource):
    """One line that an attempt printed."""

    at: Moment
    attempt: int
    stream: str
    text: str


class MetricSeries(Resource):
    """Metric values as columns. A value that was NaN or infinite is null and listed apart."""

    object: Literal["metric_series"] = "metric_series"
    job: str
    x: Literal["epoch", "step", "gradient", "rate"]
    data: dict[str, list[int | float | None]]
    nonfinite: list[JsonObject]
    downsampled: bool
    next_after: int | None


class History(Resource):
    """Exactly what Keras's `History` holds; epochs count from zero."""

    epoch: list[int]
    params: JsonObject
    history: dict[str, list[float | None]]
