"""Equal documents are written as equal bytes, others as others, whatever stands in them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.canonical import canonical


@pytest.mark.parametrize(
    "value", [1, 10**30, -(2**70), "ä", "\ud800", 1e-9, None, [{"b": 1, "a": [10**30]}]]
)
def test_the_order_of_keys_does_not_matter(value: Any) -> None:
    one, same = {"a": 1, "b": {"x": value, "y": 2}}, {"b": {"y": 2, "x": value}, "a": 1}
    assert canonical(one) == canonical(same)
    assert b" " not in canonical(one)
    assert canonical(one) != canonical({**one, "a": 2})


def test_what_differs_is_written_differently() -> None:
    documents = [1, 1.5, "1", True, None, [], {}, [1], {"1": 1}, 2**64, 2**64 + 1, "\ud800", ""]
    assert len({canonical(document) for document in documents}) == len(documents)


def test_what_json_does_not_know_is_text() -> None:
    assert canonical({"at": datetime(2026, 1, 2, tzinfo=UTC), "of": {3}}).count(b'"') == 8
