"""The trash on the wire."""

from typing import Literal

from pydantic import Field

from ._base import Moment, Resource


class Trashed(Resource):
    """Something that was deleted and can still be brought back."""

    id: str
    object: Literal["trashed"] = "trashed"
    kind: Literal["job", "model", "dataset", "file"]
    name: str | None
    deleted_at: Moment
    purge_at: Moment = Field(description="when it goes for good, at the next sweep")
    links: dict[str, str]
