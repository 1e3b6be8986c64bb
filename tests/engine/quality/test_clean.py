"""Clean data gets no warning; data with a flaw gets its own."""

from typing import Any

import numpy as np
import palmerpenguins
import polars as pl
import pytest
from sklearn import datasets

from engine.dataset.content import Content, Pictures
from engine.dataset.description import describe
from engine.dataset.inference import infer
from engine.quality import Data, look


def report(content: Content) -> list[dict[str, Any]]:
    return look(Data.of(content, describe(content)))


def loud(content: Content) -> list[Any]:
    return [(one["rule"], one["detail"]) for one in report(content) if one["severity"] != "hint"]


def scikit(name: str) -> Content:
    bunch = getattr(datasets, f"load_{name}")()
    names = [str(one) for one in getattr(bunch, "feature_names", range(bunch.data.shape[1]))]
    frame = pl.DataFrame(bunch.data, schema=names).with_columns(target=pl.Series(bunch.target))
    return Content(frame.columns, frame)


def penguins() -> Content:
    text = palmerpenguins.load_penguins().to_csv(index=False).encode()
    frame = infer(pl.read_csv(text, infer_schema=False))
    return Content(frame.columns, frame)


def digits() -> Content:
    bunch = datasets.load_digits()
    labels = pl.DataFrame({"label": [str(one) for one in bunch.target]})
    values = (bunch.images * 15).astype(np.uint8)
    shapes = np.full((len(values), 3), (8, 8, 1), np.int32)
    pictures = Pictures(values.ravel(), shapes)
    return Content(["image", "label"], labels, images={"image": pictures}, roles={"label": "label"})


@pytest.mark.parametrize("name", ["iris", "wine", "diabetes", "digits", "breast_cancer"])
def test_tables_known_to_be_clean(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert loud(scikit(name)) == []
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("content", [penguins, digits])
def test_other_data_known_to_be_clean(content: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert loud(content()) == []
    assert capsys.readouterr().err == ""


def test_iris_is_told_to_be_sorted() -> None:
    found = {one["rule"]: one for one in report(scikit("iris"))}
    assert found["sorted-rows"]["evidence"] == {"form": "blocks", "changes": 2, "expected": 99}


def test_of_one_rule_no_more_than_a_page_is_told() -> None:
    frame = pl.DataFrame({f"c{place}": [1] * 30 for place in range(50)} | {"x": range(30)})
    found = [one for one in report(Content(frame.columns, frame)) if "constant" in one["rule"]]
    assert len(found) == 21
    assert found[-1]["evidence"] == {"columns": 30}
    assert found[-1]["pointer"] == "/rows"
