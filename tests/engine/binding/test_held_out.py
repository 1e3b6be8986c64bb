"""Where validation and test rows come from: what fits, and what is refused before training."""

from dataclasses import replace
from typing import Any

import pytest

from engine.dataset.schema import Column, Schema
from tests.engine.binding.test_binding import DENSE, plan, refusal, softmax, table

STACK = [DENSE, softmax(3)]


def changed(*leave_out: str, **columns: Any) -> Schema:
    """The table with some columns gone and some described anew."""
    given = table()
    kept = [one for one in given.columns if one.name not in leave_out]
    return Schema(40, [replace(one, **columns.get(one.name, {})) for one in kept])


def held(schema: Schema, **data: Any) -> dict[str, Any]:
    """Sections of a request whose validation part is a dataset of this schema."""
    return {
        "data": {"validation": "ds_2", **data},
        "held_out": {"validation": schema.to_json()},
    }


def test_a_dataset_like_the_main_one_takes_nothing_from_it() -> None:
    found = plan(STACK, **held(changed("constant", length={"kind": "integer"})))
    assert found["request"]["data"]["split"]["validation"] == 0.0
    assert found["steps_per_epoch"] == 5, "all 150 rows"


@pytest.mark.parametrize(
    ("schema", "code", "says"),
    [
        (changed("width"), "unknown-column", "The validation dataset has no column 'width'"),
        (changed(width={"kind": "text"}), "bad-value", "'width' is number in the main dataset and"),
        (changed("species"), "unknown-column", "no column 'species'"),
        (
            changed(species={"categories": ["setosa", "rosa"]}),
            "target-mismatch",
            "the main dataset lacks",
        ),
        (Schema(0, table().columns), "too-few-rows", "has no rows"),
    ],
)
def test_a_dataset_unlike_the_main_one_is_refused(schema: Schema, code: str, says: str) -> None:
    (item,) = refusal(STACK, **held(schema)).items
    assert (item.pointer, item.code) == ("/data/validation", code)
    assert says in item.detail


WORDS = Column("part", "category", "str", distinct=2, categories=["train", "val"])


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"validation": "ds_2", "split": {"validation": 0.1}}, "/data/split/validation"),
        ({"test": "ds_2", "split": {"test": 0.1}}, "/data/split/test"),
        ({"split": {"by": "column", "column": "part", "test": 0.2}}, "/data/split/test"),
        ({"validation": "ds_2", "split": {"by": "column", "column": "part"}}, "/data/split/column"),
    ],
)
def test_a_part_comes_from_one_place(data: dict[str, Any], pointer: str) -> None:
    schema = Schema(table().rows, [*table().columns, WORDS])
    assert pointer in [one.pointer for one in refusal(STACK, schema, data=data).items]


def test_a_column_that_names_a_validation_part_counts_as_one() -> None:
    schema = Schema(table().rows, [*table().columns, WORDS])
    stopping = [{"class_name": "EarlyStopping"}]
    found = plan(
        STACK, schema, data={"split": {"by": "column", "column": "part"}}, callbacks=stopping
    )
    split = found["request"]["data"]["split"]
    assert (split["validation"], split["test"]) == (0.0, 0.0)
    assert "validation-none" not in [one["rule"] for one in found["advice"]]
    again = {**found["request"]["data"]}
    assert plan(STACK, schema, data=again)["request"]["data"]["split"] == split


@pytest.mark.parametrize(
    ("counts", "batch", "steps"),
    [({"train": 30_000, "val": 9}, 128, 235), ({"train": 64, "val": 30_000}, 32, 2)],
)
def test_the_rows_that_a_column_gives_to_training_are_counted(
    counts: dict[str, int], batch: int, steps: int
) -> None:
    schema = Schema(sum(counts.values()), [*table().columns, WORDS])
    by = {"split": {"by": "column", "column": "part"}}
    found = plan(STACK, schema, data=by, classes={"part": counts})
    assert found["request"]["fit"]["batch_size"] == batch
    assert found["steps_per_epoch"] == steps
    items = refusal(STACK, schema, data=by, classes={"part": {"val": 7}}).items
    assert [one.code for one in items] == ["too-few-rows"]
