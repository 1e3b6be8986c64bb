"""Traces: what caused what, across processes and attempts, sent to a collector by OTLP.

Places in a trace are W3C's (https://www.w3.org/TR/trace-context/). They are made, kept with jobs
and logged whether or not a collector is there; OpenTelemetry's SDK is imported only where its
variables name one (`OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`).

A span is sent when what it tells of has ended; of jobs and attempts under ids that follow from
theirs. So any process can end the span of an attempt whose worker was killed, and its epochs, which
were sent before, hang below it.
"""

import hashlib
import os
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from core.otlp import Sender

_FORM: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Value = str | int | float | bool


@dataclass(frozen=True)
class Place:
    """Where something stands in a trace: the ids of the trace and of its span, in hex."""

    trace_id: str
    span_id: str
    sampled: bool = True

    @classmethod
    def read(cls, traceparent: str | None) -> "Place | None":
        """The place that a `traceparent` names; None when it is malformed and so to be ignored."""
        found = _FORM.fullmatch((traceparent or "").strip())
        if found is None or found[1] == "ff" or (found[1] == "00" and found[5]):
            return None
        if not int(found[2], 16) or not int(found[3], 16):
            return None
        return cls(found[2], found[3], bool(int(found[4], 16) & 1))

    @classmethod
    def begin(cls) -> "Place":
        """A new trace."""
        return cls(secrets.token_hex(16), secrets.token_hex(8))

    @property
    def traceparent(self) -> str:
        """The place as W3C writes it."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"

    def below(self, *names: str | int) -> "Place":
        """A place of the same trace: the one that these names always have, or a new one."""
        text = "/".join(str(name) for name in names)
        span_id = hashlib.sha256(text.encode()).hexdigest()[:16] if names else secrets.token_hex(8)
        return Place(self.trace_id, span_id, self.sampled)


current: ContextVar[Place | None] = ContextVar("place", default=None)
"""The place of the request at work; None for what the service does by itself."""

_sender: "Sender | None" = None
_lock = threading.Lock()


def configure(part: str) -> None:
    """Begin to send spans as `lamina-{part}`, where OpenTelemetry's variables name a collector."""
    global _sender  # noqa: PLW0603 - one a process, as the logs
    off = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    if off or not any(os.environ.get(name) for name in _ENDPOINTS):
        return
    from core.otlp import Sender

    with _lock:
        if _sender is None:
            _sender = Sender(part)


def close() -> None:
    """Send what is left."""
    global _sender
    with _lock:
        sender, _sender = _sender, None
    if sender is not None:
        sender.close()


def are_sent() -> bool:
    """Whether spans go anywhere."""
    return _sender is not None


def record(
    name: str,
    place: Place | None,
    parent: Place | None,
    began: float,
    kind: Kind = "internal",
    error: str | None = None,
    ended: float | None = None,
    attributes: Mapping[str, Value | None] | None = None,
) -> None:
    """Send a span, from and to seconds since 1970; until now unless `ended` says otherwise."""
    sender = _sender
    if sender is None or place is None or not place.sampled:
        return
    known = {key: value for key, value in (attributes or {}).items() if value is not None}
    until = max(began, time.time() if ended is None else ended)
    sender.send(name, place, parent, (began, until), kind, error, known)


@contextmanager
def span(name: str, parent: Place | None, kind: Kind = "internal") -> Iterator[None]:
    """Send a span of the block, below `parent`; what it raises makes it one of an error."""
    began, error = time.time(), None
    try:
        yield
    except BaseException as raised:
        error = type(raised).__name__
        raise
    finally:
        if parent is not None:
            record(name, parent.below(), parent, began, kind, error)
