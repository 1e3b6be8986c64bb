"""The report as a whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.advice import RULES, Context, Finding
from engine.advice._examples import FLOWERS, alone, dense, layer, on
from engine.advice._sent import Sent
from engine.tasks import check

from ..silent import Silent

FLAWED = on(FLOWERS, layer("Dropout", rate=0.9), dense(8), dense(3, None), fit={"epochs": 1})


def rules_of(payload: dict[str, Any]) -> list[str]:
    return [one["rule"] for one in check.run(payload, Silent())["advice"]]


def test_the_gravest_comes_first() -> None:
    loss = {"compile": {"loss": "sparse_categorical_crossentropy"}}
    found = check.run({**FLAWED, **loss}, Silent())["advice"]
    assert [one["severity"] for one in found] == ["error", "warning", "warning", "hint"]
    assert [one["rule"] for one in found] == [
        "logits-as-probabilities",
        "dropout-after-input",
        "dropout-rate-high",
        "epochs-few",
    ]


def test_a_finding_on_the_wire() -> None:
    found = check.run(FLAWED, Silent())["advice"][0]
    assert found == {
        "rule": "dropout-after-input",
        "source": "stack",
        "severity": "warning",
        "pointer": "/stack/0",
        "detail": "'dropout' drops values of the input 'input' itself.",
        "why": RULES["dropout_after_input"].why(),
        "evidence": {"rate": 0.9},
        "fix": [{"op": "remove", "path": "/stack/0"}],
        "more": "/v1/catalog/layers/Dropout",
    }


def test_a_rule_that_fails_costs_its_own_advice_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = rules_of(FLAWED)

    def fail(self: Any, context: Context) -> Iterator[Finding]:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(RULES["dropout_after_input"], "check", fail)
    assert rules_of(FLAWED) == [name for name in whole if name != "dropout-after-input"]
    said = capsys.readouterr().err
    assert "The rule dropout-after-input failed:" in said
    assert "ZeroDivisionError: oops" in said


def test_a_stack_without_shapes_gets_what_can_be_said() -> None:
    found = rules_of(alone(dense(8, None), dense(3, "softmax"), layer("Dropout", rate=0.9)))
    assert found == ["dropout-after-output", "dense-without-activation", "dropout-rate-high"]


@pytest.mark.parametrize(
    ("body", "base", "expected"),
    [
        ({}, "/fit", {"op": "add", "path": "/fit", "value": {"a": 1}}),
        ({"fit": {}}, "/fit", {"op": "add", "path": "/fit/a", "value": 1}),
        (
            {"data": {}},
            "/data/split",
            {"op": "add", "path": "/data/split", "value": {"a": 1}},
        ),
        (
            {"compile": {"optimizer": "adam"}},
            "/compile/optimizer",
            {
                "op": "replace",
                "path": "/compile/optimizer",
                "value": {"class_name": "adam", "a": 1},
            },
        ),
        (
            {},
            "/compile/optimizer",
            {"op": "add", "path": "/compile", "value": {"optimizer": {"a": 1}}},
        ),
        (
            {"callbacks": [{"class_name": "X", "config": {"b": 2}}]},
            "/callbacks/0",
            {"op": "add", "path": "/callbacks/0/config/a", "value": 1},
        ),
    ],
)
def test_members_are_given_wherever_the_body_holds_them(
    body: dict[str, Any], base: str, expected: dict[str, Any]
) -> None:
    pointers = {name: f"/{name}" for name in ("data", "compile", "fit", "callbacks")}
    assert Sent(body, pointers).assign(base, "a", 1) == [expected]


def test_layers_that_others_name_are_not_taken_away() -> None:
    layers = [
        layer("Input", shape=[4], name="x"),
        layer("Dropout", rate=0.3, name="dropped"),
        dense(8, inputs="dropped"),
        dense(3, "softmax"),
    ]
    found = check.run(alone(*layers), Silent())["advice"]
    assert [(one["rule"], one["fix"]) for one in found] == [("dropout-after-input", None)]


def test_fixes_address_keras_own_form() -> None:
    def keras_layer(name: str, **config: Any) -> dict[str, Any]:
        return {"class_name": name, "config": config}

    document = {
        "class_name": "Sequential",
        "config": {
            "layers": [
                keras_layer("InputLayer", batch_shape=[None, 4]),
                keras_layer("Dense", units=8, activation="linear"),
                keras_layer("Dense", units=3, activation="softmax"),
            ]
        },
    }
    (found,) = check.run({"stack": document}, Silent())["advice"]
    path = "/stack/config/layers/1/config/activation"
    assert found["fix"] == [{"op": "add", "path": path, "value": "relu"}]
