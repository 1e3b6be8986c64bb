"""Statistics of datasets on the wire."""

from typing import Literal

from pydantic import Field

from ._base import Resource


class Histogram(Resource):
    """Counts between edges that outliers do not move; these are counted beside them."""

    edges: list[float] = Field(description="one more than counts")
    counts: list[int]
    below: int = Field(description="values below the first edge")
    above: int = Field(description="values above the last edge")


class NumberStatistics(Resource):
    """Of the finite numbers of a column; `std` and `skewness` are those of the population."""

    infinite: int
    zeros: int
    negatives: int
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    skewness: float | None = None
    quantiles: dict[str, float] | None = Field(default=None, examples=[{"0.05": 1.2, "0.5": 3.4}])
    histogram: Histogram | None = None
    sampled_rows: int | None = Field(
        default=None, description="rows that quantiles and histogram are of; null: all"
    )


class Count(Resource):
    """How often a value occurs."""

    value: str
    count: int


class CategoryStatistics(Resource):
    """The values of a column that has few, and how even they are."""

    top: list[Count]
    other: int = Field(description="rows with none of these")
    balance: float | None = Field(
        description="entropy of the shares, 1 for equal ones; null with one value"
    )
    ratio: float = Field(description="rows of the largest value over those of the smallest")
    smallest: int


class Lengths(Resource):
    """Lengths of texts."""

    minimum: int
    maximum: int
    mean: float
    histogram: Histogram


class TextStatistics(Resource):
    """Lengths of texts and their most frequent words."""

    empty: int = Field(description="texts of nothing but spaces")
    characters: Lengths
    words: Lengths | None = None
    top_words: list[Count] | None = None
    sampled_rows: int | None = None


class DateStatistics(Resource):
    """Extent of moments; edges of the histogram are seconds since 1970, UTC."""

    minimum: str
    maximum: str
    histogram: Histogram
    step: dict[str, float] | None = Field(
        description="where moments are regular: seconds, days, and the share that keeps the step"
    )
    ascending: bool
    sampled_rows: int | None = None


class ImageSize(Resource):
    """How many images are of one size."""

    height: int
    width: int
    count: int


class Brightness(Resource):
    """Mean brightness of images, 0 to 1."""

    mean: float
    histogram: Histogram


class ImageStatistics(Resource):
    """Sizes of images and, of a sample, their pixels as values from 0 to 1."""

    heights: Histogram
    widths: Histogram
    sizes: list[ImageSize]
    channels: dict[str, int]
    brightness: Brightness
    channel_mean: list[float]
    channel_std: list[float]
    blank: int = Field(description="images of a single colour among those looked at")
    sampled_rows: int


class TensorStatistics(Resource):
    """Values of arrays."""

    shape: list[int]
    dtype: str
    minimum: float | None
    maximum: float | None
    mean: float | None
    std: float | None
    missing_share: float | None = None
    infinite_share: float | None = None
    zero_share: float | None = None
    histogram: Histogram | None = None
    sampled_rows: int | None = None


class ColumnStatistics(Resource):
    """What there is to know of a column; the parts that fit its kind are given."""

    name: str
    kind: str
    count: int = Field(description="values that are there")
    missing: int
    unique: int | None
    number: NumberStatistics | None = None
    category: CategoryStatistics | None = None
    text: TextStatistics | None = None
    date: DateStatistics | None = None
    image: ImageStatistics | None = None
    tensor: TensorStatistics | None = None


class Statistics(Resource):
    """Statistics of all columns, or of those that were asked for."""

    object: Literal["statistics"] = "statistics"
    dataset: str
    rows: int
    detail: Literal["full", "counts"] = Field(
        description="counts: so many columns are only counted; ask for some by `column`"
    )
    columns: list[ColumnStatistics]
