"""Single settings by dotted path."""

from typing import Any

import pytest

from lamina.client.errors import BadSource
from lamina.client.settings import set_at


@pytest.mark.parametrize(
    ("body", "path", "value", "expected"),
    [
        ({}, "a", 1, {"a": 1}),
        ({}, "a.b.c", 1, {"a": {"b": {"c": 1}}}),
        ({"a": {"b": 1}}, "a.c", 2, {"a": {"b": 1, "c": 2}}),
        ({"a": [{"u": 1}, {"u": 2}]}, "a.1.u", 9, {"a": [{"u": 1}, {"u": 9}]}),
        ({"a": [1, 2]}, "a.0", 9, {"a": [9, 2]}),
        ({"o": "adam"}, "o.lr", 1e-4, {"o": {"class_name": "adam", "lr": 1e-4}}),
        ({"a": None}, "a.b", 1, {"a": {"b": 1}}),
    ],
)
def test_it_is_put_in_its_place(body: Any, path: str, value: Any, expected: Any) -> None:
    set_at(body, path, value)
    assert body == expected


@pytest.mark.parametrize(
    ("body", "path", "text"),
    [
        ({"a": [1]}, "a.1", "'1' is no index into a list of 1"),
        ({"a": [1]}, "a.x.y", "'x' is no index"),
        ({"a": 5}, "a.b", "there is 5 at 'a', not an object"),
        ({"o": "auto"}, "o.lr", "there is 'auto' at 'o'"),
    ],
)
def test_an_impossible_path_is_explained(body: Any, path: str, text: str) -> None:
    with pytest.raises(BadSource, match=text):
        set_at(body, path, 0)
