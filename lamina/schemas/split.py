"""Which rows a job trains on and which it holds out."""

from typing import Literal

from pydantic import Field

from ._base import Resource


class SplitPart(Resource):
    """The rows of a part, counted from 0 in the dataset that they are of."""

    dataset: str | None = Field(description="None where the part has no rows")
    count: int
    rows: list[int] = Field(description="of windows, the row that each sample predicts")


class Split(Resource):
    """The division of a job's rows."""

    object: Literal["split"] = "split"
    job: str
    by: str
    column: str | None = None
    seed: int | None = Field(description="of what was drawn by chance")
    parts: dict[str, SplitPart] = Field(description="training, validation and test")
