"""Receipts of trained models on the wire."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Moment, Resource
from .job import Chosen


class ReceiptData(Resource):
    """A dataset that a model was made from."""

    id: str
    name: str | None
    digest: str = Field(description="SHA-256 of the bytes that were sent, hexadecimal")
    rows: int | None


class Receipt(Resource):
    """What a trained model was made from."""

    object: Literal["receipt"] = "receipt"
    model: str
    job: str
    attempt: int
    request: JsonObject = Field(description="the job's body with every default filled in")
    chosen: Chosen | None = Field(default=None, description="what the training chose for itself")
    data: dict[str, ReceiptData] = Field(description="dataset, and validation and test if apart")
    seeds: dict[str, int]
    versions: dict[str, str] = Field(description="of Python and the packages that trained")
    device: JsonObject | None
    rows: dict[str, int] = Field(description="of each part")
    files: dict[str, str] = Field(description="SHA-256 of each of the model's files")
    started_at: Moment | None
    finished_at: Moment | None
