"""API keys on the wire."""

from typing import Annotated, Literal

from pydantic import Field

from ._base import DisplayName, Moment, Request, Resource

Scope = Literal["read", "train", "admin"]
_Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
_Amount = Annotated[int, Field(ge=0, le=2**53)]


class KeyLimitsRequest(Request):
    """What a key may use, beside what its project may; null is the service's default.

    `stored_bytes` and `gpu_seconds` may be 0: none at all.
    """

    requests_per_second: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    requests_burst: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    queued_jobs: _Count | None = None
    running_jobs: _Count | None = None
    stored_bytes: _Amount | None = None
    gpu_seconds: _Amount | None = None


class KeyLimits(Resource):
    """What a key may use, beside what its project may; null is the service's default.

    Keys that replaced one another share what they use, and these limits.
    """

    requests_per_second: int | None = None
    requests_burst: int | None = None
    queued_jobs: int | None = None
    running_jobs: int | None = None
    stored_bytes: int | None = None
    gpu_seconds: int | None = None


class KeyRequest(Request):
    """A new key for a project; without `project`, for the caller's own."""

    name: DisplayName = ""
    project: (
        Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None
    ) = None
    scopes: list[Scope] = Field(default=["read", "train"], min_length=1)
    expires_in_days: int | None = Field(default=None, ge=1, le=3650)
    limits: KeyLimitsRequest = KeyLimitsRequest()


class KeyPatch(Request):
    """What is to change of a key; limits that are left out stay, null is the service's default."""

    limits: KeyLimitsRequest | None = None


class Key(Resource):
    """An API key; its secret is shown once, in the answer that creates it."""

    id: str
    object: Literal["key"] = "key"
    name: str
    project: str
    scopes: list[Scope]
    limits: KeyLimits = KeyLimits()
    secret: str | None = None
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    revoked_at: Moment | None


class SessionRequest(Request):
    """The key with which a browser is to work."""

    key: Annotated[str, Field(min_length=1, max_length=200)]
