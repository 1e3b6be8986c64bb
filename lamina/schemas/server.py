"""The service itself on the wire."""

from typing import Literal

from ._base import JsonObject, Moment, Resource


class Server(Resource):
    """Versions and limits of this service."""

    object: Literal["server"] = "server"
    version: str
    versions: dict[str, str]
    limits: JsonObject
    authentication: Literal["none", "keys"]


class Worker(Resource):
    """A worker process and the slots of its host."""

    id: str
    object: Literal["worker"] = "worker"
    host: str
    pid: int
    state: Literal["alive", "lost", "stopped"]
    started_at: Moment
    heartbeat_at: Moment
    slots: list[JsonObject]


class Check(Resource):
    """One thing a ready service needs."""

    name: str
    ok: bool
    detail: str | None = None


class Readiness(Resource):
    """Whether the service can do its work, check by check."""

    object: Literal["readiness"] = "readiness"
    ready: bool
    checks: list[Check]
