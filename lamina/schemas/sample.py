"""Samples on the wire: small datasets that the service itself can make."""

from typing import Literal

from ._base import Resource


class SampleDataset(Resource):
    """A small dataset to begin with; `POST /v1/datasets {"sample": name}` makes it."""

    object: Literal["sample"] = "sample"
    name: str
    title: str
    summary: str
    filename: str
    rows: int
    target: str
    source: str
    licence: str
