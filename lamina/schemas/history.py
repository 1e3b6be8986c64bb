"""The curves of a job."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Resource


class MetricSeries(Resource):
    """Metric values as columns. A value that was NaN or infinite is null and listed apart."""

    object: Literal["metric_series"] = "metric_series"
    job: str
    x: Literal["epoch", "step", "gradient", "rate", "system"]
    data: dict[str, list[int | float | None]]
    nonfinite: list[JsonObject]
    downsampled: bool
    next_after: int | None

    def _repr_html_(self) -> str:
        from lamina.notebook.curves import curves as draw

        return draw(self.data, self.x)


class History(Resource):
    """Exactly what Keras's `History` holds; epochs count from zero."""

    epoch: list[int]
    params: JsonObject
    history: dict[str, list[float | None]]

    def _repr_html_(self) -> str:
        from lamina.notebook.curves import curves as draw

        return draw({"epoch": self.epoch, **self.history}, "epoch")


class RangeTest(Resource):
    """The curve of a learning-rate range test: the loss of a batch at each rate that was tried."""

    learning_rate: float = Field(description="what the training then learned with")
    found: bool = Field(description="whether the loss fell; else the optimizer kept its own rate")
    rates: list[float]
    losses: list[float]
    smoothed: list[float] = Field(description="what the rate of the steepest fall was read from")
