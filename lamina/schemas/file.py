"""Side files on the wire."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Moment, Resource


class File(Resource):
    """Word vectors or arrays, for the `weights` of a layer."""

    id: str
    object: Literal["file"] = "file"
    name: str | None
    filename: str | None
    form: str = Field(description="`word_vectors` or `arrays`")
    description: JsonObject = Field(
        description="of word vectors `words`, `dimension`, `repeated`; of arrays `arrays`: name, "
        "shape and dtype of each"
    )
    bytes: int
    digest: str = Field(description="SHA-256, hexadecimal")
    created_at: Moment
    links: dict[str, str]
