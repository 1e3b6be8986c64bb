"""Small decisions on headers: what is wanted, which part, how long, since when."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.conditional import demand, is_current
from api.negotiation import Offer
from api.preference import get_wait
from api.ranges import span
from api.refusal import Refusal
from api.series import columns
from models.metric import MetricPoint


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*", "text/csv"),
        ("text/csv;q=0.1, application/json;q=0.2", "application/json"),
        ("application/json;q=0, */*", "text/csv"),
        ("TEXT/CSV; q=x, application/*", "application/json"),
    ],
)
def test_accept(accept: str | None, chosen: str) -> None:
    assert asyncio.run(Offer("application/json", "text/csv")(accept)) == chosen


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "", "nonsense"])
def test_accept_nothing_that_exists(accept: str) -> None:
    with pytest.raises(Refusal) as caught:
        asyncio.run(Offer("application/json", "text/csv")(accept))
    assert caught.value.status == 406


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, None),
        ("wait=5", 5),
        ('respond-async, Wait = "7"; x=1', 7),
        ("wait=100000", 60),
        ("wait=-1", None),
        ("waiting=3, wait=x", None),
    ],
)
def test_prefer(prefer: str | None, seconds: int | None) -> None:
    assert get_wait(prefer) == seconds


@pytest.mark.parametrize(
    ("header", "holds"),
    [('"a.1"', True), ('W/"a.1"', True), ('"x", "a.1"', True), ("*", True), ('"a.2"', False)],
)
def test_etags(header: str, holds: bool) -> None:
    assert is_current(header, '"a.1"') is holds
    if holds:
        demand(header, '"a.1"')
    else:
        with pytest.raises(Refusal):
            demand(header, '"a.1"')


@given(size=st.integers(1, 50), first=st.integers(0, 60), last=st.integers(0, 60))
def test_ranges(size: int, first: int, last: int) -> None:
    content = bytes(range(size))
    if size <= first <= last:
        with pytest.raises(Refusal, match=f"has {size} bytes"):
            span(f"bytes={first}-{last}", size, is_current=True)
        return
    found = span(f"bytes={first}-{last}", size, is_current=True)
    expected = content[first : last + 1] if first <= last else content
    assert content[found.start : found.end] == expected
    assert found.partial == (first <= last)


@given(count=st.integers(1, 300), most=st.integers(1, 60))
def test_thinning_keeps_order_and_both_ends(count: int, most: int) -> None:
    points = [MetricPoint(key="loss", axis="epoch", x=x, value=float(x)) for x in range(count)]
    found = columns(points, ["loss"], most)
    assert len(found.x) == min(count, most)
    assert found.x == sorted(set(found.x))
    assert found.x[-1] == count - 1
    if most > 1:
        assert found.x[0] == 0
    assert found.values["loss"] == [float(x) for x in found.x]
    assert found.downsampled == (count > most)
