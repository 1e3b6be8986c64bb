"""Trained models on the wire."""

from typing import Any, Literal

from pydantic import Field

from ._base import DisplayName, JsonObject, Moment, Request, Resource


class ModelFile(Resource):
    """One written form of a model."""

    format: str
    bytes: int
    digest: str = Field(description="SHA-256, hexadecimal")


class KeptWeights(Resource):
    """The weights of one epoch that a `ModelCheckpoint` has kept; epochs count from 0."""

    kind: Literal["best", "last", "epoch"]
    epoch: int
    bytes: int
    digest: str = Field(description="SHA-256, hexadecimal")


class ExportTensor(Resource):
    """One tensor that an export takes, and where the columns behind it are encoded."""

    name: str
    shape: list[int | None]
    dtype: str
    columns: list[dict[str, str]]


class Parity(Resource):
    """How far an export's outputs are from the network's, on rows held out from training."""

    rows: int
    max_abs: float = Field(description="the largest difference")
    max_rel: float = Field(description="the largest difference over the largest output")
    runtime: str = Field(description="what ran the export, with its version")


class ModelExport(Resource):
    """A form of the model for another runtime, made when first asked for."""

    format: str
    state: Literal["making", "ready", "refused"]
    bytes: int | None = None
    digest: str | None = Field(default=None, description="SHA-256, hexadecimal")
    inputs: list[ExportTensor] | None = None
    records: list[dict[str, str]] | None = Field(
        default=None, description="the tensors of raw records, where the form takes them"
    )
    no_records: str | None = Field(default=None, description="why it takes no raw records")
    parity: Parity | None = None
    error: str | None = Field(default=None, description="why it was refused")
    created_at: Moment


class Model(Resource):
    """The trained result of a job."""

    id: str
    object: Literal["model"] = "model"
    job: str
    dataset: str
    display_name: str | None
    architecture: str | None
    parameters: JsonObject | None
    stack: JsonObject
    files: list[ModelFile]
    exports: list[ModelExport] = []
    checkpoints: list[KeptWeights] = Field(
        default=[], description="weights of single epochs, of `content?format=weights&checkpoint=`"
    )
    pinned: bool = Field(default=False, description="retention leaves it alone")
    created_at: Moment
    links: dict[str, str]

    def _repr_html_(self) -> str:
        from lamina.notebook.model import model as draw

        return draw(self)


class PredictRequest(Request):
    """Raw records, as they stood in the dataset's columns."""

    records: list[dict[str, Any]] = Field(min_length=1, max_length=10_000)


class PredictionRequest(Request):
    """A dataset whose every row is to be answered."""

    dataset: str = Field(
        min_length=1,
        max_length=240,
        description="an id, or a name, with or without a version",
        examples=["ds_01kaz8v7m2f5q0r9x3n6t4w1yc"],
    )
    display_name: DisplayName | None = None
    priority: int = Field(default=0, ge=-100, le=100)
    max_seconds: int = Field(default=86_400, ge=1, le=30 * 86_400)
    max_wait_seconds: int | None = Field(
        default=None,
        ge=1,
        le=30 * 86_400,
        description="fail the job when it has not started so long after it was submitted",
    )


class Predictions(Resource):
    """One prediction per record: a label with its scores, or a value."""

    object: Literal["predictions"] = "predictions"
    model: str
    predictions: list[Any]
