"""API keys on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from ._base import DisplayName, Moment, Request, Resource

Scope = Literal["read", "train", "admin"]


class KeyRequest(Request):
    """A new key for a project; without `project`, for the caller's own."""

    name: DisplayName = ""
    project: (
        Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None
    ) = None
    scopes: list[Scope] = Field(default=["read", "train"], min_length=1)
    expires_in_days: int | None = Field(default=None, ge=1, le=3650)


class Key(Resource):
    """An API key; its secret is shown once, in the answer that creates it."""

    id: str
    object: Literal["key"] = "key"
    name: str
    project: str
    scopes: list[Scope]
    secret: str | None = None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None


class SessionRequest(Request):
    """The key with which a browser is to work."""

    key: Annotated[str, Field(min_length=1, max_length=200)]
