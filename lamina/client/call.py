"""One HTTP request as data, before anything is sent."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from .errors import BadSource

Progress = Callable[[int, int], None]
"""Told (bytes so far, bytes in all) as they go."""


@dataclass(frozen=True)
class Body:
    """Bytes to upload, which can be read again, from any position, when a request is repeated."""

    chunks: Callable[[int], Iterator[bytes]]
    length: int
    filename: str
    media_type: str = "application/octet-stream"
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Call:
    """A request: `json` or `body` is its content, `wait` the seconds the server may hold it
    at our wish, `patience` those that it may need for its work beyond the usual.

    `again` tells whether sending it twice does no more than sending it once.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    body: Body | None = None
    progress: Progress | None = None
    wait: float = 0
    patience: float = 0
    again: bool = True

    @property
    def silence(self) -> float:
        """Seconds for which the server may rightly be silent."""
        return self.wait + self.patience

    @property
    def query(self) -> dict[str, Any]:
        """The parameters that have a value; true and false as JSON writes them."""
        return {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in self.params.items()
            if value is not None
        }

    @property
    def sent_headers(self) -> dict[str, str]:
        """The headers, with those that content and waiting bring along."""
        headers = dict(self.headers)
        if self.json is not None:
            headers["Content-Type"] = "application/json"
        if self.body is not None:
            headers["Content-Type"] = self.body.media_type
            headers["Content-Length"] = str(self.body.length)
        if self.wait >= 1:
            headers["Prefer"] = f"wait={int(self.wait)}"
        return headers

    def content(self) -> bytes | Iterator[bytes] | None:
        """What is sent, from its start. Raises BadSource when it is no JSON."""
        if self.json is not None:
            return _json(self.json)
        return self._counted() if self.body is not None else None

    def _counted(self) -> Iterator[bytes]:
        assert self.body is not None  # noqa: S101 (content() has looked)
        sent = 0
        for chunk in self.body.chunks(0):
            yield chunk
            sent += len(chunk)
            if self.progress is not None:
                self.progress(sent, self.body.length)


def at(*parts: str) -> str:
    """The path of these parts below /v1; whatever a part holds, it stays one part."""
    return "/".join(["/v1", *(quote(part, safe="") for part in parts)])


def creating(call: Call) -> Call:
    """The call with a fresh Idempotency-Key, so that repeating it makes nothing twice."""
    return replace(call, headers={**call.headers, "Idempotency-Key": uuid4().hex})


def plain(value: Any) -> Any:
    """Scalars and arrays of numpy, and dates of any kind, as JSON has them (for `default`)."""
    for name in ("tolist", "isoformat"):
        if callable(turn := getattr(value, name, None)):
            return turn()
    raise TypeError(f"{type(value).__name__} is no JSON value")


def _json(value: Any) -> bytes:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, default=plain).encode()
    except (TypeError, ValueError) as error:
        raise BadSource(f"the request cannot be written as JSON: {error}") from error
