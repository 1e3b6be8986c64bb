"""Sending spans by OTLP over HTTP, through OpenTelemetry's SDK; imported only where it is used."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from core.traces import Kind, Place, Value
from lamina import __version__

_NANO: Final = 1_000_000_000


class Sender:
    """Sends in batches from a thread of its own; what the collector does not take is dropped.

    Where to, headers, batches and further attributes of the resource: OpenTelemetry's variables.
    """

    def __init__(self, part: str) -> None:
        self._ids = _Ids()
        resource = Resource.create({"service.name": f"lamina-{part}"})
        # Places say what is sampled; nothing else comes here.
        self._provider = TracerProvider(ALWAYS_ON, resource, id_generator=self._ids)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("lamina", __version__)

    def send(
        self,
        name: str,
        place: Place,
        parent: Place | None,
        span: tuple[float, float],
        kind: Kind,
        error: str | None,
        attributes: Mapping[str, Value],
    ) -> None:
        """One span of these seconds since 1970."""
        began, ended = (int(moment * _NANO) for moment in span)
        context = set_span_in_context(NonRecordingSpan(_context(parent))) if parent else Context()
        with self._ids.are(place):
            sent = self._tracer.start_span(
                name,
                context=context,
                kind=SpanKind[kind.upper()],
                attributes=attributes,
                start_time=began,
            )
        if error is not None:
            sent.set_status(Status(StatusCode.ERROR, error))
        sent.end(ended)

    def close(self) -> None:
        """Send what is left, within the exporter's time."""
        self._provider.shutdown()


class _Ids(IdGenerator):
    """Gives spans the ids that the thread has set."""

    def __init__(self) -> None:
        self._mine = threading.local()

    @contextmanager
    def are(self, place: Place) -> Iterator[None]:
        """Set the ids of the next span of this thread."""
        self._mine.place = place
        try:
            yield
        finally:
            del self._mine.place

    def generate_span_id(self) -> int:
        """The id of the span."""
        return int(self._mine.place.span_id, 16)

    def generate_trace_id(self) -> int:
        """The id of the trace."""
        return int(self._mine.place.trace_id, 16)


def _context(place: Place) -> SpanContext:
    return SpanContext(
        int(place.trace_id, 16),
        int(place.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
