"""The JSON gate: what passes, what does not, and where it points."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.gate import Limits, parse
from api.refusal import Refusal

LIMITS = Limits(size=100_000, nodes=1000, depth=10)

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc/~", max_size=3), inner)
    ),
    max_leaves=30,
)


@given(_VALUES)
def test_what_is_sound_passes_unchanged(value: Any) -> None:
    assert parse(json.dumps(value).encode(), LIMITS) == value


@pytest.mark.parametrize(
    ("body", "status", "slug", "says"),
    [
        (b"", 400, "malformed-request", "empty"),
        (b"  ", 400, "malformed-request", "empty"),
        (b"{", 400, "malformed-request", "line 1"),
        (b"\xff\xfe{}", 400, "malformed-request", "UTF-8"),
        (b'\xef\xbb\xbf{"a":1}', 400, "malformed-request", "not JSON"),
        (b'{"a":1,"b":2,"a":3}', 400, "malformed-request", "'a' stands twice"),
        (b"[NaN]", 400, "malformed-request", "NaN"),
        (b"[-Infinity]", 400, "malformed-request", "Infinity"),
        (b"[" + b"9" * 5000 + b"]", 400, "malformed-request", "digits"),
        (b"[" * 50 + b"]" * 50, 413, "too-large", "deeper than 10"),
        (b"[" * 40_000 + b"]" * 40_000, 413, "too-large", "deeper than 10"),
        (b"[" + b"0," * 2000 + b"0]", 413, "too-large", "1000 values"),
        (b'"' + b"a" * 200_000 + b'"', 413, "too-large", "100000 bytes"),
    ],
)
def test_refusals(body: bytes, status: int, slug: str, says: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(body, LIMITS)
    assert (caught.value.status, caught.value.slug) == (status, slug)
    assert says in caught.value.detail


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"a":{"b/c":[1,1e999]}}', "/a/b~1c/1"),
        (b'{"a~":9007199254740993}', "/a~0"),
        (b'["\\ud800"]', "/0"),
        (b'{"x":"a\\u0000b"}', "/x"),
        (b'{"x":{"a\\u0000":1}}', "/x"),
    ],
)
def test_values_that_cannot_be_kept_are_pointed_at(body: bytes, pointer: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse(body, LIMITS)
    assert caught.value.status == 422
    assert [found.pointer for found in caught.value.items] == [pointer]


def test_the_limits_themselves_pass() -> None:
    assert parse(b"[" * 10 + b"]" * 10, LIMITS)
    assert len(parse(b"[" + b"0," * 998 + b"0]", LIMITS)) == 999
