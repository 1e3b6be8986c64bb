"""Raw records from whatever users hold them in."""

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from lamina.client.call import Call
from lamina.client.errors import BadSource
from lamina.client.records import records_of


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"a": 1, "b": "x"}, [{"a": 1, "b": "x"}]),
        ([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 2}]),
        (pl.DataFrame({"a": [1, None]}), [{"a": 1}, {"a": None}]),
        (
            pd.DataFrame({"a": [1.5, None], "b": ["x", None]}),
            [{"a": 1.5, "b": "x"}, {"a": None, "b": None}],
        ),
        (np.array([[1, 2], [3, 4]]), [{"x": [1, 2]}, {"x": [3, 4]}]),
        (
            {"a": np.array([1.5, 2.5]), "b": np.array([[1], [2]])},
            [{"a": 1.5, "b": [1]}, {"a": 2.5, "b": [2]}],
        ),
        ({"a": np.float32(0.5)}, [{"a": 0.5}]),
    ],
)
def test_each_gives_records_that_can_be_sent(given: Any, expected: Any) -> None:
    content = Call("POST", "/", json=records_of(given)).content()
    assert isinstance(content, bytes)
    assert json.loads(content) == expected


@pytest.mark.parametrize("given", [3, "text", {"a": np.zeros(2), "b": np.zeros(3)}])
def test_what_holds_no_records_is_told(given: Any) -> None:
    with pytest.raises(BadSource):
        records_of(given)
