"""Pictures of a job."""

from typing import Literal

from ._base import Resource


class Plot(Resource):
    """A picture that can be had of a job, now."""

    object: Literal["plot"] = "plot"
    name: str
    title: str
    svg: str
    png: str
