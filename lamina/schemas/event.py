"""What is told of a job while it runs: events and lines of its output."""

from typing import Literal

from pydantic import Field

from lamina.codes import EVENTS

from ._base import JsonObject, Moment, Resource


class Event(Resource):
    """One line of a job's durable log."""

    object: Literal["event"] = "event"
    job: str
    seq: int
    attempt: int
    type: str = Field(description=", ".join(EVENTS))
    at: Moment
    data: JsonObject


class LogLine(Resource):
    """One line that an attempt printed."""

    at: Moment
    attempt: int
    stream: str
    text: str
