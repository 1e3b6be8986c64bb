"""Texts that list labels."""

import json
from pathlib import Path

import polars as pl
import pytest

from engine.dataset.labels import joined
from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.prediction.records import columns_of
from engine.targets import WAYS, TargetEncoding
from tests.engine.training._job import stored


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["a|b", "b", "c|a"], ("|", ["a", "b", "c"])),
        (["a; b", "b", "c ;a"], (";", ["a", "b", "c"])),
        (["jazz, pop", "pop", "jazz"], (",", ["jazz", "pop"])),
        (["a", "b"], None),
        ([f"word{n}, word{n + 1}, and so on {n}" for n in range(60)], None),
        (["|", "|"], None),
    ],
)
def test_what_looks_like_lists(texts: list[str], expected: tuple[str, list[str]] | None) -> None:
    assert joined(pl.Series(texts)) == expected


def test_lists_of_strings_are_labels(tmp_path: Path) -> None:
    lists = [["red", "big"], [], None, ["red"]]
    rows = [{"x": number, "tags": tags} for number, tags in enumerate(lists)]
    data = stored(tmp_path / "good", json.dumps(rows).encode(), "rows.json")
    column = Schema.from_json(data["schema"]).column("tags")
    assert (column.role, column.separator, column.labels) == ("labels", "|", ["big", "red"])
    target = TargetEncoding.make(
        [column], "binary_crossentropy", False, (2,), WAYS["multi_label"]()
    )
    raw = columns_of([{"tags": tags} for tags in lists], {"tags": column})["tags"]
    assert raw.tolist() == ["red|big", "", None, "red"]
    assert target.transform(raw).tolist() == [[1, 1], [0, 0], [0, 0], [0, 1]]
    with pytest.raises(Fault, match="must not contain"):
        stored(tmp_path / "bad", json.dumps([{"tags": ["a|b"]}]).encode(), "rows.json")


def test_texts_with_too_many_combinations_still_tell_their_labels(tmp_path: Path) -> None:
    names = "abcdefgh"
    rows = [
        "tags",
        *(";".join(n for i, n in enumerate(names) if k >> i & 1) for k in range(1, 200)),
    ]
    data = stored(tmp_path, "\n".join(rows).encode(), "rows.csv")
    column = Schema.from_json(data["schema"]).column("tags")
    assert (column.kind, column.categories) == ("text", None)
    way = WAYS["multi_label"]()
    assert way.complaint([column]) is None
    assert way.classes([column]) == list(names)
    assert "'labels'" in (WAYS["multi_label"](separator="/").complaint([column]) or "")
