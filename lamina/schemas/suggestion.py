"""Suggestions on the wire: a job body that suits a dataset, and why it is as it is."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Request, Resource
from .data_request import DataRequest


class SuggestRequest(Request):
    """Which data a job body is wanted for. The target may be left out where a column is labels."""

    data: DataRequest


class Reason(Resource):
    """Why a part of the suggested body is as it is."""

    pointer: str = Field(description="JSON Pointer into the suggested body")
    because: str


class Suggestion(Resource):
    """A complete body for `POST /v1/jobs`, with the reason of every choice."""

    object: Literal["suggestion"] = "suggestion"
    request: JsonObject
    reasons: list[Reason]
