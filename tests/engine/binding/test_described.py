"""Mistakes in encodings, each where it stands."""

from typing import Any

import pytest

from engine.binding.described import read_described
from engine.encodings import ENCODINGS
from engine.stack import Findings


def items(given: Any) -> list[tuple[str, str, list[str]]]:
    findings = Findings()
    found = read_described(given, ENCODINGS, "/e", findings)
    assert (found is None) == bool(findings.items)
    return [(one.pointer, one.code, one.did_you_mean) for one in findings.items]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("standart", [("/e", "bad-encoding", ["standard"])]),
        ({"class_name": "standart"}, [("/e/class_name", "bad-encoding", ["standard"])]),
        (3, [("/e", "bad-type", [])]),
        ({"class_name": 3}, [("/e/class_name", "bad-type", [])]),
        ({"class_name": "log", "clipp": 3}, [("/e/clipp", "unknown-argument", ["clip"])]),
        ({"class_name": "log", "missing": "meen"}, [("/e/missing", "bad-value", ["mean"])]),
        ({"class_name": "log", "missing": []}, [("/e/missing", "bad-value", [])]),
        ({"class_name": "log", "clip": "5"}, [("/e/clip", "bad-type", [])]),
        ({"class_name": "log", "clip": True}, [("/e/clip", "bad-type", [])]),
        ({"class_name": "log", "clip": -1}, [("/e/clip", "bad-value", [])]),
        ({"class_name": "min_max", "low": 2}, [("/e", "bad-value", [])]),
        ({"class_name": "tokens", "length": "automatic"}, [("/e/length", "bad-value", ["auto"])]),
        ({"class_name": "date", "parts": ["hours"]}, [("/e/parts/0", "bad-value", ["hour"])]),
        ({"class_name": "ordinal"}, [("/e", "missing-argument", [])]),
        ({"class_name": "ordinal", "order": ["a", "a"]}, [("/e/order", "bad-value", [])]),
        ({"class_name": "log", "config": {"clip": 0}}, [("/e/config/clip", "bad-value", [])]),
        ({"class_name": "one_hot", "config": {}, "unknown": "zero"}, [("/e", "mixed-forms", [])]),
    ],
)  # fmt: skip
def test_every_mistake_is_at_its_place(
    given: Any, expected: list[tuple[str, str, list[str]]]
) -> None:
    found = items(given)
    assert [(pointer, code) for pointer, code, _ in found] == [one[:2] for one in expected]
    for (*_, close), (*_, wanted) in zip(found, expected, strict=True):
        assert close[: len(wanted)] == wanted


def test_all_mistakes_at_once_and_fixes_apply() -> None:
    findings = Findings()
    given = {"class_name": "min_max", "hihg": 2, "clip": 1}
    assert read_described(given, ENCODINGS, "/e", findings) is None
    by_pointer = {one.pointer: one for one in findings.items}
    assert set(by_pointer) == {"/e/hihg", "/e/clip"}
    assert by_pointer["/e/hihg"].fix == [{"op": "move", "from": "/e/hihg", "path": "/e/high"}]
    assert (
        "true or false" in by_pointer["/e/clip"].detail or "boolean" in by_pointer["/e/clip"].detail
    )


def test_both_forms_mean_the_same() -> None:
    beside = read_described({"class_name": "log", "clip": 3}, ENCODINGS, "/e", Findings())
    under = read_described(
        {"class_name": "log", "config": {"clip": 3}}, ENCODINGS, "/e", Findings()
    )
    assert beside == under
