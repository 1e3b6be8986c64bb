"""Plans on the wire: what a request would do, found without training."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from ._base import JsonObject, Resource


class Plan(Resource):
    """Shapes, parameters, memory and the body with every default filled in."""

    model_config = ConfigDict(extra="allow", ser_json_inf_nan="null")

    object: Literal["plan"] = "plan"
    layers: list[JsonObject]
    parameters: JsonObject | None = Field(
        default=None, description="null when shapes are not known: a stack checked without data"
    )
    memory: JsonObject | None = None
    steps_per_epoch: int | None = None
    architecture: str | None = None
    request: JsonObject
    advice: list[Any] = []
