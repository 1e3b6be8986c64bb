"""Whatever is sent, the answer is a declared one and never a 500."""

import json
import string
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.examples import FULLER, STACK_ALONE
from tests.api.running import Running

_SETTINGS = settings(
    max_examples=2500,
    deadline=None,
    derandomize=False,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["Dense", "auto", "ds_01kaz8v7m2f5q0r9x3n6t4w1yc", "\x00", "\ud800", "", "../"]
    )
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FULLER, "dataset", "rows", "class_name", ""]), inner)
    ),
    max_leaves=12,
)
_PATHS = ("/v1/jobs", "/v1/stacks/check", "/v1/datasets", "/v1/models/mdl_x/predict")
_NAMES = (
    *("prefer", "if-none-match", "if-match", "range", "accept", "idempotency-key", "origin"),
    *("x-request-id", "content-digest", "authorization", "last-event-id", "content-type"),
)
_HEADERS = st.dictionaries(
    st.sampled_from(_NAMES), st.text(string.printable.strip() + "\x80\xff", max_size=30), max_size=3
)


def _places(document: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    return [here, *(place for key, value in inner for place in _places(value, (*here, key)))]


def _changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[place[0]] = _changed(copy[place[0]], place[1:], value)
    return copy


@_SETTINGS
@given(path=st.sampled_from(_PATHS), document=_JSON)
def test_any_document(service: Running, path: str, document: Any) -> None:
    body = json.dumps(document).encode()
    headers = {"content-type": "application/json"}
    response = service.client.post(path, content=body, headers=headers)
    assert response.status_code != 500, response.text


@_SETTINGS
@given(path=st.sampled_from(_PATHS), body=st.binary(max_size=100), headers=_HEADERS)
def test_any_bytes_and_headers(
    service: Running, path: str, body: bytes, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    for method in ("POST", "GET", "DELETE"):
        response = service.client.request(method, path, content=body, headers=encoded)
        assert response.status_code != 500, response.text


@_SETTINGS
@given(query=st.text(string.printable + "\x00é\ud7ff", max_size=40), name=st.text(max_size=10))
def test_any_query_and_path(service: Running, query: str, name: str) -> None:
    from urllib.parse import quote

    for path in ("/v1/jobs", "/v1/datasets", f"/v1/jobs/{quote(name, safe='')}/metrics"):
        response = service.client.get(f"{path}?{quote(query, safe='=&+')}")
        assert response.status_code < 500, response.text


@_SETTINGS
@given(data=st.data())
def test_any_change_to_a_sound_request(whole: Running, data: st.DataObject) -> None:
    example = data.draw(st.sampled_from([FULLER, STACK_ALONE]))
    place = data.draw(st.sampled_from(_places(example)))
    body = json.dumps(_changed(example, place, data.draw(_JSON))).encode()
    for path in ("/v1/stacks/check", "/v1/jobs"):
        headers = {"content-type": "application/json"}
        response = whole.client.post(path, content=body, headers=headers)
        assert response.status_code < 500, (body, response.text)
