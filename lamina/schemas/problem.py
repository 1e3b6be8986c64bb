"""Errors on the wire: RFC 9457 problem details."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Resource


class ProblemItem(Resource):
    """One thing that is wrong: where, what, and the remedy."""

    pointer: str = Field(description="JSON Pointer (RFC 6901) into the request body as sent")
    code: str
    detail: str
    parameter: str | None = Field(
        default=None,
        description="the query parameter or header to blame; the pointer is then empty",
    )
    did_you_mean: list[str] | None = None
    fix: list[JsonObject] | None = Field(
        default=None, description="JSON Patch (RFC 6902) that applies to the body as sent"
    )


class Problem(Resource):
    """An error: `application/problem+json`, RFC 9457."""

    type: str = Field(examples=["/problems/invalid-stack"])
    title: str
    status: int
    detail: str
    instance: str | None = None
    request_id: str | None = None
    errors: list[ProblemItem] = []

    @property
    def slug(self) -> str:
        """The last part of `type`, such as `invalid-stack`."""
        return self.type.rsplit("/", 1)[-1]


class ProblemType(Resource):
    """A kind of problem: what it means, and what to do about it."""

    object: Literal["problem_type"] = "problem_type"
    slug: str
    type: str
    status: int
    title: str
    remedy: str
    codes: dict[str, str] | None = Field(
        default=None, description="what the codes in `errors` mean, where there are any"
    )
