"""What is decided when an attempt has run out of memory."""

from types import SimpleNamespace
from typing import Any

import pytest

from worker.repair import Hopeless, repair_of

STARTED = {"rows": {"training": 120}, "batch_bound": []}


def attempt(batch: int = 32, micro: int | None = None, gpus: int = 0, on_oom: str = "auto") -> Any:
    request = {"fit": {"batch_size": batch}, "resources": {"on_oom": on_oom}}
    slots = [SimpleNamespace(kind="gpu")] * gpus or [SimpleNamespace(kind="cpu")]
    repairs = [{"micro_batch": micro}] if micro else []
    return SimpleNamespace(
        job=SimpleNamespace(request=request), number=3, slots=slots, repairs=repairs
    )


@pytest.mark.parametrize(
    ("batch", "micro", "gpus", "expected"),
    [
        (32, None, 0, (16, 2)),
        (33, None, 0, (16, 3)),
        (32, 2, 0, (1, 32)),
        (1024, None, 0, (60, 2)),  # there are no more than 120 rows
        (64, None, 2, (16, 2)),
        (64, 16, 2, (8, 4)),
    ],
)
def test_half_as_many_rows_are_taken_at_a_time(
    batch: int, micro: int | None, gpus: int, expected: tuple[int, int]
) -> None:
    found = repair_of(attempt(batch, micro, gpus), STARTED, "it held too much")
    assert isinstance(found, dict)
    assert (found["micro_batch"], found["accumulation"]) == expected
    assert (found["attempt"], found["cause"]) == (3, "out-of-memory")


def test_it_ends_where_nothing_is_left_to_be_halved() -> None:
    found = repair_of(attempt(32, micro=1, on_oom="accumulate"), STARTED, "it held too much")
    assert found == Hopeless("Even one row at a time does not fit: it held too much")


def test_it_ends_where_batches_are_not_what_fills_the_memory() -> None:
    found = repair_of(attempt(), None, "it held too much")
    assert isinstance(found, Hopeless)
    assert "before the first batch" in found.detail


def test_it_ends_where_the_client_wants_it_so() -> None:
    assert repair_of(attempt(on_oom="fail"), STARTED, "too much") == Hopeless("too much")


def test_a_training_that_would_be_another_needs_the_clients_word() -> None:
    started = STARTED | {"batch_bound": ["the layer 'norm' (BatchNormalization)"]}
    found = repair_of(attempt(), started, "too much")
    assert isinstance(found, Hopeless)
    (error,) = found.errors
    assert error["fix"] == [{"op": "add", "path": "/resources/on_oom", "value": "accumulate"}]
    assert isinstance(repair_of(attempt(on_oom="accumulate"), started, "too much"), dict)
