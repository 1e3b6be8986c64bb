"""Requests for trainings and for checks of them."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from ._base import DisplayName, JsonObject, Metadata, Request, Tags
from .data_request import DataRequest

_COMPILE = (
    "the arguments of Keras's `compile`, objects as data, `auto` where they are left out: "
    "optimizer, loss, loss_weights, metrics, weighted_metrics, jit_compile, steps_per_execution; "
    "the optimizer's learning_rate may be `auto`: a range test before the first epoch finds it"
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
    max_seconds: int = Field(
        default=86_400, ge=1, le=30 * 86_400, description="of one run of the job"
    )
    max_wait_seconds: int | None = Field(
        default=None,
        ge=1,
        le=30 * 86_400,
        description="fail the job (`wait-timed-out`) when it has not started so long after it was "
        "submitted; null: it waits as long as it takes",
    )
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
    compile: JsonObject = Field(default={}, description=_COMPILE)
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
