"""Job bodies from what users have at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from lamina.client.errors import BadSource
from lamina.client.recipe import job_body

_LAYERS = [{"class_name": "Dense", "units": 1}]
_KERAS = {"class_name": "Sequential", "config": {}}
_BODY = {"data": {"dataset": "ds_1"}, "stack": {"layers": _LAYERS}, "fit": {"epochs": 2}}


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (_LAYERS, {"stack": _LAYERS}),
        ({"layers": _LAYERS}, {"stack": {"layers": _LAYERS}}),
        (
            {"class_name": "Sequential", "config": {}},
            {"stack": {"class_name": "Sequential", "config": {}}},
        ),
        (_BODY, _BODY),
        # Neither a stack nor a job: sent as it is, so that the service names the typo.
        ({"stak": []}, {"stak": []}),
    ],
)
def test_stacks_and_bodies_are_told_apart(what: Any, expected: Any, tmp_path: Path) -> None:
    file = tmp_path / "job.json"
    file.write_text(json.dumps(what))
    assert job_body(what, {}) == job_body(file, {}) == job_body(str(file), {}) == expected


def test_choices_override_the_body_and_leave_what_was_given_alone() -> None:
    body = job_body(
        _BODY,
        {
            "target": "y",
            "features": ("a", "b"),
            "epochs": 9,
            "validation_split": 0.1,
            "compile": {"optimizer": "adam"},
            "settings": {"compile.optimizer.learning_rate": 0.1, "stack.layers.0.units": 7},
        },
    )
    assert body == {
        "data": {
            "dataset": "ds_1",
            "target": "y",
            "features": ["a", "b"],
            "split": {"validation": 0.1},
        },
        "stack": {"layers": [{"class_name": "Dense", "units": 7}]},
        "fit": {"epochs": 9},
        "compile": {"optimizer": {"class_name": "adam", "learning_rate": 0.1}},
    }
    assert _BODY["fit"] == {"epochs": 2}
    assert _LAYERS == [{"class_name": "Dense", "units": 1}]


@pytest.mark.parametrize(
    ("content", "text"),
    [("{", "is no JSON"), ("3", "neither a job nor a stack"), (None, "No such file")],
)
def test_a_bad_file_is_explained(content: str | None, text: str, tmp_path: Path) -> None:
    file = tmp_path / "job.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BadSource, match=text):
        job_body(file, {})


def test_something_else_is_no_stack() -> None:
    with pytest.raises(BadSource, match="a int is no stack"):
        job_body(3, {})


def test_a_live_network_brings_its_compile_settings() -> None:
    import keras

    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="out")])
    assert set(job_body(network, {})) == {"stack"}
    network.compile(optimizer=keras.optimizers.SGD(0.25), loss="mse", metrics=["mae"])
    body = job_body(network, {"epochs": 3})
    assert body["stack"]["class_name"] == "Sequential"
    assert "compile_config" not in body["stack"]
    assert body["compile"]["optimizer"]["class_name"] == "SGD"
    assert body["compile"]["optimizer"]["config"]["learning_rate"] == 0.25
    assert body["compile"]["loss"] == "mse"
    assert body["compile"]["metrics"] == ["mae"]
    assert body["fit"] == {"epochs": 3}
