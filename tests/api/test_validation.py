"""Pydantic's findings in our words, with pointers into the body as it was sent."""

from typing import Any

import pytest

from api.refusal import Refusal
from api.validation import read
from lamina.schemas.job_request import JobRequest

SOUND: dict[str, Any] = {"data": {"dataset": "ds_x", "target": "y"}, "stack": []}


def _findings(**changes: Any) -> dict[str, tuple[str, str, list[str] | None]]:
    with pytest.raises(Refusal) as caught:
        read(JobRequest, SOUND | changes)
    return {
        found.pointer: (found.code, found.detail, found.did_you_mean)
        for found in caught.value.items
    }


def test_all_findings_come_at_once() -> None:
    found = _findings(fti={}, data={"target": "y"}, fit={"epochs": 0, "epoch": 3}, priority="high")
    assert set(found) == {"/fti", "/data/dataset", "/fit/epochs", "/fit/epoch", "/priority"}
    assert found["/fti"][0] == "unknown-field"
    assert found["/fti"][2] == ["fit"]
    assert found["/fit/epoch"][2] == ["epochs"]
    assert found["/data/dataset"][0] == "missing-field"
    assert found["/fit/epochs"][0] == "bad-value"
    assert found["/priority"][:2] == ("bad-type", "This must be an integer.")


def test_the_branches_of_a_union_are_one_finding() -> None:
    found = _findings(stack=5)
    assert list(found) == ["/stack"]
    assert found["/stack"][1] == "This must be an object or a list."


def test_pointers_leave_out_what_pydantic_adds() -> None:
    found = _findings(data={"dataset": "ds_x", "target": {"out": 7}})
    assert found["/data/target/out"][0] == "bad-type"
    found = _findings(data={"dataset": "ds_x", "inputs": {"a/b": {"columns": [1]}}})
    assert "/data/inputs/a~1b/columns/0" in found


def test_near_names_are_those_of_the_place() -> None:
    found = _findings(data={"dataset": "ds_x", "inputs": {"i": {"columns": ["a"], "encodin": "x"}}})
    assert found["/data/inputs/i/encodin"][2] == ["encoding"]


def test_hostile_names_are_cut_and_escaped() -> None:
    found = _findings(**{"x" * 5000: 1, "\u202eevil\n": 2})
    assert all(len(detail) < 200 for _, detail, _ in found.values())
    assert all(detail.isprintable() for _, detail, _ in found.values())


def test_what_is_no_object_is_said_to_be_none() -> None:
    with pytest.raises(Refusal) as caught:
        read(JobRequest, [1, 2])
    assert [(found.pointer, found.code) for found in caught.value.items] == [("", "bad-type")]


def test_types_are_those_of_json_schema() -> None:
    wrong = {"epochs": "10", "seed": True, "shuffle": 1, "max_seconds": "5"}
    found = _findings(fit=wrong, cache="yes")
    assert {pointer: code for pointer, (code, _, _) in found.items()} == {
        **{f"/fit/{name}": "bad-type" for name in wrong},
        "/cache": "bad-type",
    }
    assert found["/fit/seed"][1] == "This must be an integer."


def test_a_whole_number_is_an_integer_however_it_is_written() -> None:
    sent = SOUND | {"fit": {"epochs": 10.0, "seed": 3.0, "max_seconds": 2}, "priority": -0.0}
    taken = read(JobRequest, sent)
    assert (taken.fit.epochs, taken.fit.seed, taken.priority) == (10, 3, 0)
    assert (type(taken.fit.epochs), type(sent["fit"]["epochs"])) == (int, float)
    assert "/fit/epochs" in _findings(fit={"epochs": 10.5, "seed": 3.0})
