"""Statistics of columns of every kind."""

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine.dataset.content import Content, Pictures
from engine.dataset.description import describe
from engine.statistics import measure
from engine.statistics.histogram import histogram

ROWS = 400


def measured(content: Content) -> dict[str, dict[str, Any]]:
    found = measure(content, describe(content))
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return {one["name"]: one for one in found}


def of_table(**columns: Any) -> dict[str, dict[str, Any]]:
    frame = pl.DataFrame(columns, strict=False)
    return measured(Content(frame.columns, frame))


def test_numbers() -> None:
    found = of_table(x=[0.0, -1.5, None, float("inf"), *map(float, range(ROWS))])["x"]
    assert (found["missing"], found["count"]) == (1, ROWS + 3)
    number = found["number"]
    assert (number["infinite"], number["zeros"], number["negatives"]) == (1, 2, 1)
    assert number["quantiles"]["0.5"] == pytest.approx(np.median([0, -1.5, *range(ROWS)]))


@pytest.mark.parametrize(
    "values",
    [
        [*np.random.default_rng(0).normal(size=ROWS), 1e12],
        [1.0] * ROWS + [2.0],
        [*range(100), 10**15],
        [-1.7e308, 1.7e308, 0.5],
        [5e-324, 0.0],
        [3.25],
    ],
)
def test_outliers_do_not_move_the_edges(values: list[float]) -> None:
    with np.errstate(all="ignore"):
        found = histogram(np.array(values, float))
    assert sum(found["counts"]) + found["below"] + found["above"] == len(values)
    assert len(found["edges"]) == len(found["counts"]) + 1 <= 32
    assert np.isfinite(found["edges"]).all()
    if len(values) > 50:
        assert max(found["edges"]) < 1000


def test_words_dates_and_categories() -> None:
    found = of_table(
        text=[f"The cat {row} sat" for row in range(ROWS)],
        day=[date(2024, 1, 1) + timedelta(days=7 * row) for row in range(ROWS)],
        word=["a", "a", "a", "b"] * (ROWS // 4),
    )
    assert found["text"]["text"]["top_words"][0] == {"value": "the", "count": ROWS}
    assert found["text"]["text"]["words"]["maximum"] == 4
    assert found["day"]["date"]["step"] == {"seconds": 604800.0, "days": 7.0, "share": 1.0}
    assert found["word"]["category"]["ratio"] == 3.0
    assert found["word"]["category"]["balance"] == pytest.approx(0.811278, abs=1e-6)


def test_images_and_arrays() -> None:
    shapes = np.array([[4, 6, 3]] * 9 + [[2, 2, 1]], np.int32)
    values = np.full(int(shapes.prod(axis=1).sum()), 51, np.uint8)
    arrays = np.array([[np.nan, 0.0], [1.0, np.inf]] * 5)
    content = Content(
        ["image", "array"],
        pl.DataFrame(),
        tensors={"array": arrays},
        images={"image": Pictures(values, shapes)},
    )
    found = measured(content)
    image = found["image"]["image"]
    assert image["sizes"][0] == {"height": 4, "width": 6, "count": 9}
    assert image["channels"] == {"1": 1, "3": 9}
    assert image["channel_mean"] == pytest.approx([0.2] * 3)
    assert image["blank"] == 10
    array = found["array"]["tensor"]
    assert (array["missing_share"], array["infinite_share"], array["zero_share"]) == (
        *(0.25, 0.25),
        0.25,
    )


def test_a_thousand_columns_are_measured_the_others_counted() -> None:
    found = of_table(**{f"c{place}": [1, 2, 3] for place in range(1002)})
    assert "number" in found["c999"]
    assert set(found["c1000"]) == {"name", "kind", "count", "missing", "unique"}
