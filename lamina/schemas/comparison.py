"""Jobs side by side on the wire."""

from typing import Any, Literal

from pydantic import Field

from ._base import Resource
from .job import JobState, MetricSummary


class ComparedJob(Resource):
    """One of the jobs, as far as a comparison needs it."""

    id: str
    display_name: str | None
    state: JobState
    architecture: str | None
    parameters: int | None
    model: str | None
    stop_reason: str | None


class ComparedMetric(Resource):
    """One metric of all jobs that have it, and the job with the best value."""

    key: str
    best_job: str | None
    jobs: dict[str, MetricSummary] = Field(description="by job id")


class Difference(Resource):
    """A place in the requests where they are not alike; who lacks it has no entry."""

    pointer: str = Field(examples=["/compile/optimizer/learning_rate"])
    values: dict[str, Any] = Field(description="by job id; whole objects where one side has none")


class Curve(Resource):
    """One metric of one job over epochs; null where the value was not finite."""

    epoch: list[int]
    value: list[float | None]


class Comparison(Resource):
    """Jobs side by side: best values, what they were told differently, and their curves."""

    object: Literal["comparison"] = "comparison"
    jobs: list[ComparedJob]
    metrics: list[ComparedMetric]
    differences: list[Difference]
    curves: dict[str, dict[str, Curve]] = Field(description="by metric, then by job id")
