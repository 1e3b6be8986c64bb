"""Datasets on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ._base import DisplayName, JsonObject, Metadata, Moment, Request, Resource, Tags
from .plan import Advice

DatasetState = Literal["reading", "ready", "failed"]


UploadId = Annotated[str, Field(max_length=64, examples=["upl_01kaz8v7m2f5q0r9x3n6t4w1yc"])]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Filename = Annotated[str, Field(max_length=1024)]


class DatasetRequest(Request):
    """A dataset given as JSON: rows in the request itself, where its file is, or a sample.

    Exactly one of `rows`, `upload`, `url` and `sample` is given.
    """

    name: DisplayName | None = None
    rows: list[JsonObject] | None = Field(
        default=None, min_length=1, examples=[[{"x": 1.5, "label": "yes"}]]
    )
    upload: UploadId | None = Field(default=None, description="a complete upload of /v1/uploads")
    url: str | None = Field(
        default=None,
        max_length=4096,
        description="where the service fetches the file: `https://…` or `s3://…`, as far as its "
        "operator allows (`LAMINA_FETCH_FROM`)",
    )
    sample: str | None = Field(
        default=None, max_length=100, description="a small dataset to begin with, of /v1/samples"
    )
    filename: Filename | None = Field(
        default=None, description="the file's own name, whose ending tells its format"
    )
    digest: Sha256 | None = Field(
        default=None, description="SHA-256 that the file must have, hexadecimal"
    )
    tags: Tags = []
    metadata: Metadata = {}


class Column(Resource):
    """One column of a dataset, as the service understood it."""

    name: str
    kind: str = Field(description="number, integer, boolean, category, text, date, image, tensor")
    dtype: str
    shape: list[int | None] | None = None
    missing: int = 0
    distinct: int | None = None
    categories: list[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    role: str | None = None
    separator: str | None = Field(
        default=None, description="what stands between labels, where texts list some"
    )
    labels: list[str] | None = Field(default=None, description="all labels that texts list")
    written: str | None = Field(
        default=None,
        description="how the dates of a text table are written, such as `dates, the day first`; "
        "predictions take them so, too",
    )


class DatasetError(Resource):
    """Why a dataset could not be read."""

    code: str
    detail: str
    errors: list[JsonObject] = []


class ReadingProgress(Resource):
    """How far the reading of a dataset is; overwritten at most once a second, outside the ETag."""

    phase: Literal["fetching", "reading", "typing", "statistics", "storing"]
    fraction: float = Field(description="of the whole, 0 to 1")
    done: int | None = Field(default=None, description="of the phase: rows, entries or columns")
    total: int | None = None


class Dataset(Resource):
    """Uploaded data after it was read, typed and checked."""

    id: str
    object: Literal["dataset"] = "dataset"
    state: DatasetState
    name: str | None
    version: int | None = Field(
        default=None, description="among the datasets of this name: 1, 2, 3…; see `name@2` in jobs"
    )
    filename: str | None
    format: str | None
    bytes: int
    digest: str = Field(description="SHA-256 of the uploaded bytes, hexadecimal")
    duplicate_of: str | None = Field(
        default=None,
        description="the oldest dataset of the project that had the same bytes when this one came; "
        "they are stored once, and each may be deleted without the other",
    )
    rows: int | None
    columns: list[Column] | None
    classes: dict[str, dict[str, int]] | None = Field(
        description="for columns with few distinct values: how often each occurs"
    )
    advice: list[Advice] = Field(
        default=[], description="what was found in the data, the gravest first"
    )
    progress: ReadingProgress | None = Field(default=None, description="while it is being read")
    notes: list[str] = Field(default=[], description="what the service left out while reading")
    tags: Tags = []
    metadata: Metadata = {}
    error: DatasetError | None
    pinned: bool = Field(default=False, description="retention leaves it alone")
    created_at: Moment
    updated_at: Moment
    links: dict[str, str]

    def _repr_html_(self) -> str:
        from lamina.notebook.model import dataset as draw

        return draw(self)


class Sample(Resource):
    """One row from somewhere in the dataset."""

    row: int = Field(description="its number, from 0")
    label: str | None = Field(description="the class it stands for; null: drawn by chance")
    values: dict[str, Any]


class Preview(Resource):
    """Rows of a dataset; images as small data URIs, long text cut and ending in `…`."""

    object: Literal["preview"] = "preview"
    dataset: str
    rows: list[dict[str, Any]] = Field(description="the first rows")
    samples: list[Sample] = Field(
        default=[], description="rows of each class or, where there are none, drawn by chance"
    )
