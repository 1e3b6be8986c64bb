"""What a training learns from, as clients ask for it: columns, encodings, splits, windows."""

from typing import Annotated, Literal

from pydantic import Field

from ._base import JsonObject, Request

ColumnName = Annotated[str, Field(min_length=1, max_length=1000)]

DatasetId = Annotated[
    str,
    Field(
        max_length=220,
        description="an id, a name (its newest version), `name@2` or `name@latest`",
        examples=["ds_01kaz8v7m2f5q0r9x3n6t4w1yc", "penguins@2"],
    ),
]

Encoding = str | JsonObject


class InputRequest(Request):
    """What feeds one Input of the stack: columns and how they become a tensor."""

    columns: list[ColumnName] = Field(min_length=1)
    encoding: Encoding | list[Encoding] = Field(
        default="auto",
        description="auto, a name, an object with class_name, or one of these for each column: in "
        "a list, or in an object by column name",
    )


class TargetRequest(Request):
    """What an output learns: a column or several, and in which way."""

    columns: ColumnName | Annotated[list[ColumnName], Field(min_length=1, max_length=1000)]
    encoding: Encoding = Field(
        default="auto",
        description="auto, classes, ordinal, multi_label, number, or an object with arguments",
    )


OneTarget = (
    ColumnName | Annotated[list[ColumnName], Field(min_length=1, max_length=1000)] | TargetRequest
)


class SplitRequest(Request):
    """How rows are divided into training, validation and test parts."""

    by: str = Field(default="auto", description="auto, random, stratified, time, group or column")
    column: ColumnName | None = Field(
        default=None,
        description="of times, of groups that stay together, or of the words train, validation "
        "and test",
    )
    validation: float = Field(default=0.2, ge=0, lt=1)
    test: float = Field(default=0.0, ge=0, lt=1)
    seed: int | None = Field(
        default=None, ge=0, lt=2**31, description="of what is drawn by chance; null for fit.seed"
    )


class WindowRequest(Request):
    """Samples of consecutive rows of a time series, and how far ahead their target lies."""

    length: int = Field(ge=1, le=100_000, description="rows of a sample")
    horizon: int = Field(
        default=1, ge=1, le=100_000, description="rows from the last of a sample to its target"
    )
    stride: int = Field(default=1, ge=1, description="rows from one sample to the next")
    key: ColumnName | None = Field(default=None, description="the column that names the series")
    order: ColumnName | None = Field(
        default=None,
        description="the column of times; left out, the only one of dates or row order",
    )


class DataRequest(Request):
    """Which data, and which of its columns play which part."""

    dataset: DatasetId
    target: OneTarget | dict[str, OneTarget] | None = Field(
        default=None,
        description="a column, several for one output, an object with the way, or one of these "
        "by output",
    )
    features: list[ColumnName] | None = Field(default=None, min_length=1)
    inputs: dict[str, InputRequest] | None = Field(default=None, min_length=1)
    sample_weight: ColumnName | None = None
    window: WindowRequest | None = None
    split: SplitRequest = SplitRequest()
    validation: DatasetId | None = None
    test: DatasetId | None = None
    on_findings: Literal["warn", "block"] = Field(
        default="warn",
        description="`block`: with an error or warning found in the data the job is refused, or "
        "fails before it trains where only then it can be found; `warn`: it is told and goes on",
    )
