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


@pytest.mark.parametrize(
    ("content", "target"),
    [
        *((lambda name=name: scikit(name), "target") for name in ("iris", "wine", "diabetes")),
        (lambda: scikit("digits"), "target"),
        (penguins, "species"),
        (digits, "label"),
    ],
)
def test_no_column_of_clean_data_is_said_to_leak(content: Any, target: str) -> None:
    made = content()
    found = Data.of(made, describe(made)).profile
    assert target in found["targets"]
    assert target not in found["associations"]
    assert target not in found["conflicts"]
    assert found["duplicates"]["share"] < 0.05


def test_a_leak_is_found_whatever_its_form() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 2000)
    numbers = rng.normal(size=2000)
    frame = pl.DataFrame(
        {
            "plain": rng.normal(size=2000),
            "code": [f"c{value}" for value in y],
            "scaled": y * 5 + rng.random(2000),
            "nearly": np.where(rng.random(2000) < 0.002, 9, y),
            "often": np.where(rng.random(2000) < 0.1, 9, y),
            "label": ["abc"[value] for value in y],
            "cubed": numbers**3,
            "metres": numbers,
            "feet": numbers / 0.3048,
        }
    )
    content = Content(frame.columns, frame)
    found = Data.of(content, describe(content)).profile["associations"]
    told = {one["feature"]: one["copied"] for one in found["label"]}
    assert told == {"code": True, "scaled": False, "nearly": False}
    told = {one["feature"]: one["copied"] for one in found["metres"]}
    assert told == {"cubed": False, "feet": True}
