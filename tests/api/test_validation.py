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
