"""Side files on the wire."""

from typing import Literal

from pydantic import Field

from ._base import DisplayName, JsonObject, Moment, Request, Resource
from .dataset import Filename, Sha256, UploadId


class FileRequest(Request):
    """A side file that was uploaded in pieces."""

    upload: UploadId = Field(description="a complete upload of /v1/uploads")
    name: DisplayName | None = None
    filename: Filename | None = None
    digest: Sha256 | None = Field(
        default=None, description="SHA-256 that the file must have, hexadecimal"
    )


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
