"""Suggested bodies pass the check whatever the data is, say why, and refuse with a remedy."""

from typing import Any

import pytest

from engine.dataset.schema import Column, Schema
from engine.faults import Fault
from engine.tasks import suggest
from tests.engine._port import Recorder

LABELS = ["a", "b", "c"]


def column(name: str, kind: Any, **more: Any) -> Column:
    usual: dict[str, Any] = {"dtype": "float64", "distinct": 50}
    if kind in ("category", "boolean"):
        usual = {"dtype": "string", "categories": LABELS, "distinct": 3}
    elif kind in ("number", "integer"):
        usual |= {"minimum": 0.0, "maximum": 9.0, "mean": 4.0, "std": 2.0}
    elif kind == "text":
        usual = {"dtype": "string", "distinct": 90}
    elif kind == "image":
        usual = {"dtype": "uint8"}
    elif kind == "tensor":
        usual = {"dtype": "float32", "minimum": -1.0, "maximum": 1.0, "mean": 0.0, "std": 1.0}
    return Column(**{"name": name, "kind": kind, **usual, **more})


LABEL = column("y", "category")
NUMBER = column("y", "number")
X = column("x", "number")


def asked(columns: list[Column], rows: int = 300, counts: Any = None, **data: Any) -> Any:
    return suggest.run(
        {
            "data": {"dataset": "ds_x", **data},
            "schema": Schema(rows, columns).to_json(),
            "classes": {"y": counts} if counts else {},
        },
        Recorder(),
    )


def classes_of(found: dict[str, Any]) -> list[str]:
    return [layer["class_name"] for layer in found["request"]["stack"]["layers"]]


def resolve(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


TABLE = [X, column("c", "category"), column("b", "boolean", categories=["false", "true"])]
DATA = {
    "table": ([*TABLE, LABEL], {}),
    "numbers": ([*TABLE, NUMBER], {}),
    "wide": ([*(column(f"x{n}", "number") for n in range(300)), LABEL], {}),
    "few rows": ([X, LABEL], {"rows": 6}),
    "many rows": ([X, NUMBER], {"rows": 1_000_000}),
    "two": ([X, column("y", "integer", categories=["0", "1"], distinct=2)], {}),
    "constant deviation": ([X, column("y", "number", std=None, mean=None)], {}),
    "text": ([column("t", "text"), LABEL], {}),
    "text and table": ([column("t", "text"), *TABLE, NUMBER], {"rows": 9000}),
    "small image": ([column("i", "image", shape=[1, 3, 1]), LABEL], {}),
    "image": ([column("i", "image", shape=[100, 40, 3]), LABEL], {"rows": 9000}),
    "large image": ([column("i", "image", shape=[480, 640, 4]), NUMBER], {}),
    "images of all sizes": ([column("i", "image", shape=[None, None, None]), X, LABEL], {}),
    "bytes": (
        [column("i", "tensor", shape=[28, 28], dtype="uint8", mean=33.0, std=78.0), LABEL],
        {},
    ),
    "picture": ([column("i", "tensor", shape=[32, 32, 3]), LABEL], {}),
    "series": ([column("s", "tensor", shape=[50, 4]), NUMBER], {}),
    "long series": ([column("s", "tensor", shape=[1000, 2], mean=500.0), LABEL], {}),
    "vector": ([column("v", "tensor", shape=[20]), LABEL], {}),
    "volume": ([column("v", "tensor", shape=[4, 4, 4, 2]), LABEL], {}),
    "named": ([*TABLE, column("z", "number"), LABEL], {"features": ["c", "z"]}),
    "inputs": ([*TABLE, LABEL], {"inputs": {"some": {"columns": ["x"], "encoding": "raw"}}}),
    "weighted": ([*TABLE, LABEL], {"sample_weight": "x"}),
    "own split": ([X, LABEL], {"split": {"by": "random", "validation": 0.0}}),
}


@pytest.mark.parametrize("name", DATA)
def test_every_suggestion_passes_the_check_and_every_reason_has_a_place(name: str) -> None:
    columns, more = DATA[name]
    found = asked(columns, **{"target": "y", **more})
    assert set(found) == {"object", "request", "reasons"}
    request = found["request"]
    assert request["data"]["dataset"] == "ds_x"
    for reason in found["reasons"]:
        assert reason["because"].endswith(".")
        assert resolve(request, reason["pointer"]) is not None
    names = classes_of(found)
    dropout = names.index("Dropout")
    before = {"Input", "Normalization", "Flatten", "Reshape"} if "Conv2D" not in names else set()
    assert set(names[:dropout]) - before
    assert request["callbacks"][0]["restore_best_weights"] is True
    reasoned = {reason["pointer"] for reason in found["reasons"]}
    for section in ("compile", "fit"):
        assert {f"/{section}/{name}" for name in request[section]} <= reasoned


def test_choices_follow_the_data() -> None:
    table = asked([*TABLE, LABEL], target="y")
    assert classes_of(table) == ["Dense", "Dropout", "Dense"]
    last = table["request"]["stack"]["layers"][-1]
    assert (last["units"], last["activation"]) == (3, "softmax")
    deep = asked([*TABLE, LABEL], rows=50_000, target="y")
    assert classes_of(deep) == ["Dense", "Dense", "Dropout", "Dense"]
    assert deep["request"]["fit"]["batch_size"] > table["request"]["fit"]["batch_size"]
    assert "Embedding" in classes_of(asked([column("t", "text"), LABEL], target="y"))
    series = asked([column("s", "tensor", shape=[50, 4]), NUMBER], target="y")
    assert classes_of(series)[0] == "LSTM"
    assert series["request"]["compile"]["optimizer"]["class_name"] == "RMSprop"
    assert classes_of(series)[-1] == "Rescaling"
    large = asked([column("i", "image", shape=[480, 640, 3]), LABEL], target="y")
    assert large["request"]["stack"]["layers"][0]["shape"] == [96, 128, 3]
    assert classes_of(large).count("Conv2D") == 4
    unsplit = asked([X, LABEL], target="y", split={"by": "random", "validation": 0.0})
    assert unsplit["request"]["callbacks"][0]["monitor"] == "loss"
    assert unsplit["request"]["data"]["split"] == {"by": "random", "validation": 0.0}


def test_rare_classes_are_weighted() -> None:
    even = asked([X, LABEL], counts={"a": 100, "b": 120, "c": 80}, target="y")
    assert "class_weight" not in even["request"]["fit"]
    rare = asked([X, LABEL], counts={"a": 270, "b": 20, "c": 10}, target="y")
    assert rare["request"]["fit"]["class_weight"] == "balanced"


@pytest.mark.parametrize(
    ("distinct", "rows", "kind"), [(5, 300, "softmax"), (5, 20, None), (60, 300, None)]
)
def test_whole_numbers_are_classes_when_few_and_frequent(
    distinct: int, rows: int, kind: str | None
) -> None:
    names = [str(number) for number in range(distinct)]
    target = column("y", "integer", categories=names, distinct=distinct)
    found = asked([X, target], rows=rows, target="y")
    assert found["request"]["stack"]["layers"][-1].get("activation") == kind


def test_a_column_of_labels_is_the_target_unasked() -> None:
    labels = column("label", "category", role="label")
    found = asked([column("image", "image", shape=[8, 8, 1]), labels])
    assert found["request"]["data"]["target"] == "label"


@pytest.mark.parametrize(
    ("columns", "data", "code", "pointer", "close"),
    [
        ([X, NUMBER, column("t", "text")], {}, "missing-field", "/data/target", ["y", "x"]),
        ([X, LABEL], {"target": "yy"}, "unknown-column", "/data/target", ["y"]),
        ([X, LABEL], {"target": {"out": "y"}}, "bad-type", "/data/target", ["y"]),
        ([LABEL, column("t", "text")], {"target": "t"}, "target-mismatch", "/data/target", ["y"]),
        ([X, column("one", "number", distinct=1)], {"target": "one"}, "target-mismatch",
         "/data/target", ["x"]),
        ([LABEL, column("d", "date")], {"target": "y"}, "no-features", "/data", []),
        ([X, LABEL], {"target": "y", "features": ["z"]}, "unknown-column", "/data/features/0",
         None),
        ([X, LABEL], {"target": "y", "inputs": {"i": {"columns": ["x", "y"]}}}, "unknown-column",
         "/data/inputs/i/columns/1", None),
        ([X, LABEL], {"target": "y", "sample_weight": "w"}, "unknown-column",
         "/data/sample_weight", None),
    ],
)  # fmt: skip
def test_refusals_name_what_would_do(
    columns: list[Column], data: dict[str, Any], code: str, pointer: str, close: Any
) -> None:
    with pytest.raises(Fault) as caught:
        asked(columns, **data)
    assert caught.value.code == "data-stack-mismatch"
    item = caught.value.items[0]
    assert (item.code, item.pointer) == (code, pointer)
    if close is not None:
        assert item.did_you_mean[: len(close)] == close
        assert (item.fix or [{}])[0].get("value") == (close[0] if close else None)


def test_what_is_left_out_is_told() -> None:
    identifier = column("id", "integer", distinct=300, minimum=1.0, maximum=300.0)
    found = asked([identifier, X, LABEL], target="y", features=None)
    told = [reason["because"] for reason in found["reasons"] if "'id'" in reason["because"]]
    assert len(told) == 1
    assert "identifier" in told[0]
