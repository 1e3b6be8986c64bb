"""Conversions on the wire: a stack in another form."""

from typing import Any, Literal

from pydantic import Field

from ._base import JsonObject, Request, Resource

StackForm = Literal["short", "keras"]


class ConvertRequest(Request):
    """A stack in any form, and the form wanted."""

    stack: JsonObject | list[Any]
    to: StackForm = Field(description="short, or keras as `model.to_json()` writes it")


class Conversion(Resource):
    """The stack in the form that was asked for; it describes the same network."""

    object: Literal["conversion"] = "conversion"
    form: StackForm
    stack: JsonObject
