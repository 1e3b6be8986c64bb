"""Places in traces as W3C writes them, and spans as OpenTelemetry's protocol carries them."""

import os
import subprocess
import sys

import pytest

from core import traces
from core.traces import Place
from tests.fixtures.collector import collecting
from tests.fixtures.databases import ROOT

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"00-{TRACE}-{SPAN}-01", Place(TRACE, SPAN)),
        (f"00-{TRACE}-{SPAN}-00", Place(TRACE, SPAN, sampled=False)),
        (f"cc-{TRACE}-{SPAN}-03-what-the-future-may-be", Place(TRACE, SPAN)),
        (f"00-{TRACE}-{SPAN}-01-more", None),
        (f"ff-{TRACE}-{SPAN}-01", None),
        (f"00-{'0' * 32}-{SPAN}-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE.upper()}-{SPAN}-01", None),
        ("00", None),
        (None, None),
    ],
)
def test_a_traceparent_is_read_as_the_recommendation_says(
    text: str | None, place: Place | None
) -> None:
    assert Place.read(text) == place


def test_places_are_written_as_they_are_read_and_follow_from_names() -> None:
    place = Place.begin()
    assert Place.read(place.traceparent) == place
    assert place.below("job_1", 2) == place.below("job_1", 2) != place.below("job_1", 3)
    assert place.below() != place.below()
    assert place.below().trace_id == place.trace_id


def test_spans_arrive_with_their_ids_and_times(monkeypatch: pytest.MonkeyPatch) -> None:
    root = Place.begin()
    unsampled = Place(TRACE, SPAN, sampled=False)
    with collecting() as collector:
        for name, value in collector.settings.items():
            monkeypatch.setenv(name, value)
        traces.configure("test")
        traces.record("outer", root, None, 10.0, "server", None, 20.5, {"route": "/x", "no": None})
        traces.record("unseen", unsampled.below(), unsampled, 10.0)
        with pytest.raises(KeyError), traces.span("inner", root):
            raise KeyError
        traces.close()
    outer, inner = collector.spans
    assert (outer.service, outer.trace, outer.id) == ("lamina-test", root.trace_id, root.span_id)
    assert (outer.parent, outer.kind, outer.attributes) == ("", 2, {"route": "/x"})
    assert (outer.began, outer.ended, outer.failed) == (10.0, 20.5, False)
    assert (inner.name, inner.parent, inner.failed) == ("inner", root.span_id, True)


@pytest.mark.parametrize(
    "more", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "x", "OTEL_SDK_DISABLED": "true"}]
)
def test_without_a_collector_nothing_is_imported_for_it(more: dict[str, str]) -> None:
    code = (
        "import sys; from core import traces; traces.configure('api');"
        "assert not traces.are_sent();"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'google'))])"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=kept | more, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"[]"
