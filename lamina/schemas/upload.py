"""Uploads in pieces on the wire."""

from typing import Literal

from pydantic import Field

from ._base import Moment, Resource


class Upload(Resource):
    """A file that arrives in pieces (tus 1.0), to become a dataset or a side file."""

    id: str
    object: Literal["upload"] = "upload"
    length: int | None = Field(description="bytes in all; null until it is told")
    offset: int = Field(description="bytes that have arrived and are kept")
    complete: bool
    metadata: dict[str, str] = Field(description="what Upload-Metadata said")
    created_at: Moment
    expires_at: Moment = Field(description="when it is deleted if nothing more arrives")
    links: dict[str, str]
