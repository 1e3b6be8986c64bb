"""Trained models on the wire."""

from typing import Any, Literal

from pydantic import Field

from ._base import JsonObject, Moment, Request, Resource


class ModelFile(Resource):
    """One written form of a model."""

    format: str
    bytes: int
    digest: str = Field(description="SHA-256, hexadecimal")


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
    created_at: Moment
    links: dict[str, str]


class PredictRequest(Request):
    """Raw records, as they stood in the dataset's columns."""

    records: list[dict[str, Any]] = Field(min_length=1, max_length=10_000)


class Predictions(Resource):
    """One prediction per record: a label with its scores, or a value."""

    object: Literal["predictions"] = "predictions"
    model: str
    predictions: list[Any]
