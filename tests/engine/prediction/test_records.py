"""Records of clients as the raw values that datasets have."""

from typing import Any

import numpy as np
import pytest

from engine.dataset.schema import Column
from engine.faults import Fault
from engine.prediction.records import columns_of

DAY = Column("d", "date", "date", distinct=9)
MOMENT = Column("d", "date", "datetime(time_unit='us', time_zone=none)", distinct=9)
GERMAN = Column("d", "date", "date", distinct=9, written="dates with points")
CLOCK = Column("d", "date", MOMENT.dtype, distinct=9, written="moments, the day first")
FLAG = Column("d", "boolean", "boolean", distinct=2, categories=["false", "true"])
TOWN = Column("d", "category", "string", distinct=2, categories=["Bern", "Ulm"])
WHOLE = Column("d", "integer", "int64", distinct=9)


def read(column: Column, *values: Any) -> np.ndarray:
    return columns_of([{"d": value} for value in values], {"d": column})["d"]


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        (DAY, "2024-02-29", "2024-02-29"),
        (DAY, "2024-02-29T23:30:00Z", "2024-02-29"),
        (DAY, "20240229", "2024-02-29"),
        (MOMENT, "2024-02-29", "2024-02-29 00:00:00"),
        (MOMENT, "2024-02-29T12:30:00+02:00", "2024-02-29 10:30:00"),
        (GERMAN, "29.2.2024", "2024-02-29"),
        (GERMAN, "2024-02-29", "2024-02-29"),
        (GERMAN, "NA", None),
        (CLOCK, "29/02/2024 9:30", "2024-02-29 09:30:00.000000"),
        (CLOCK, "2024-02-29T12:30:00+02:00", "2024-02-29 10:30:00"),
        (FLAG, "TRUE", True),
        (FLAG, " no ", False),
        (TOWN, " Bern", "Bern"),
        (TOWN, "Rome ", "Rome "),
        (WHOLE, 3.0, 3),
    ],
)
def test_spellings(column: Column, given: Any, expected: Any) -> None:
    found = read(column, given).tolist()
    assert found == [expected]
    assert type(found[0]) is type(expected)


@pytest.mark.parametrize(
    ("column", "given"),
    [
        (DAY, "soon"),
        (DAY, 20240229),
        (DAY, "2024-02-30"),
        (GERMAN, "02/29/2024"),
        (DAY, "29.02.2024"),
        (FLAG, "perhaps"),
        (FLAG, 1),
        (TOWN, "\ud800"),
        (TOWN, 3),
        (WHOLE, 3.5),
        (WHOLE, "3"),
        (WHOLE, float("inf")),
    ],
)
def test_what_cannot_be_read_is_refused_where_it_stands(column: Column, given: Any) -> None:
    with pytest.raises(Fault) as caught:
        read(column, None, given)
    assert [item.pointer for item in caught.value.items] == ["/records/1/d"]


def test_no_value_hangs_on_its_neighbours() -> None:
    large = 2**53 + 1
    for neighbour in (None, 2**70, 1):
        assert read(WHOLE, neighbour, large).tolist()[1] == large
