"""The two base shapes of the wire: strict requests, tolerant resources."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer


def _rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Moment = Annotated[datetime, PlainSerializer(_rfc3339, return_type=str, when_used="json")]
"""A point in time, RFC 3339 in UTC with milliseconds."""

Tags = Annotated[list[Annotated[str, Field(min_length=1, max_length=64)]], Field(max_length=50)]
Metadata = Annotated[
    dict[Annotated[str, Field(min_length=1, max_length=40)], Annotated[str, Field(max_length=500)]],
    Field(max_length=50),
]
DisplayName = Annotated[str, Field(max_length=200)]
JsonObject = dict[str, Any]


class Request(BaseModel):
    """What a client sends: unknown fields are errors, types are those of JSON, numbers finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True, strict=True)


class Resource(BaseModel):
    """What the service answers: fields may be added later, so unknown ones are let through."""

    model_config = ConfigDict(extra="ignore", ser_json_inf_nan="null")
