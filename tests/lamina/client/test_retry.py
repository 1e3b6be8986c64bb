"""When a request is sent again, and after how long."""

from datetime import UTC, datetime

import pytest

from lamina.client.retry import Retry, is_temporary, read_retry_after


@pytest.mark.parametrize(("done", "most"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0)])
def test_full_jitter_lies_below_the_doubling_limit(done: int, most: float) -> None:
    delays = [Retry().delay(done) or 0 for _ in range(400)]
    assert all(0 <= delay <= most for delay in delays)
    assert max(delays) > most * 0.9
    assert min(delays) < most * 0.1


def test_the_cap_holds() -> None:
    assert max(Retry(retries=50).delay(40) or 0 for _ in range(200)) <= 20.0


def test_it_gives_up_after_the_last_retry() -> None:
    assert Retry(retries=2).delay(2) is not None
    assert Retry(retries=2).delay(3) is None
    assert Retry(retries=0).delay(1) is None


def test_retry_after_overrules_and_too_long_a_wait_is_refused() -> None:
    assert Retry().delay(1, retry_after=7.0) == 7.0
    assert Retry().delay(1, retry_after=61.0) is None


@pytest.mark.parametrize(
    ("status", "slug", "expected"),
    [
        (429, "quota-exceeded", True),
        (502, "", True),
        (503, "queue-full", True),
        (504, "", True),
        (409, "idempotency-key-in-use", True),
        (409, "wrong-state", False),
        (500, "internal", False),
        (422, "invalid-stack", False),
    ],
)
def test_what_may_succeed_later(status: int, slug: str, expected: bool) -> None:
    assert is_temporary(status, slug) is expected


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        (" 0 ", 0.0),
        ("Mon, 23 Nov 2026 19:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 18:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str | None, seconds: float | None) -> None:
    now = datetime(2026, 11, 23, 19, 0, 0, tzinfo=UTC)
    assert read_retry_after(header, now) == seconds
