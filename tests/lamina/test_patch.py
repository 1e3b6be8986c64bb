"""JSON Patch and JSON Merge Patch (most cases from the RFCs' appendices), and fixes together."""

from typing import Any

import pytest

from lamina.fixing import apply_fixes
from lamina.patch import PatchError, apply, look, merge


def step(op: str, path: str, *value: Any, **more: Any) -> dict[str, Any]:
    return {"op": op, "path": path, **({"value": value[0]} if value else {}), **more}


@pytest.mark.parametrize(
    ("before", "patch", "after"),
    [
        ({"foo": "bar"}, [step("add", "/baz", "qux")], {"baz": "qux", "foo": "bar"}),
        ({"foo": [1, 2]}, [step("add", "/foo/1", 9)], {"foo": [1, 9, 2]}),
        ({"foo": [1]}, [step("add", "/foo/-", [2])], {"foo": [1, [2]]}),
        ({"foo": 1}, [step("add", "/foo", 2)], {"foo": 2}),
        ({"foo": [1, 2, 3]}, [step("remove", "/foo/1")], {"foo": [1, 3]}),
        ({"a": 1, "b": 2}, [step("remove", "/a")], {"b": 2}),
        ({"a": 1}, [step("replace", "/a", None)], {"a": None}),
        ([1, 2], [step("replace", "/0", 5)], [5, 2]),
        (
            {"a": {"b": 1}, "c": {}},
            [step("move", "/c/d", **{"from": "/a/b"})],
            {"a": {}, "c": {"d": 1}},
        ),
        ({"a": [1, 2, 3]}, [step("move", "/a/2", **{"from": "/a/0"})], {"a": [2, 3, 1]}),
        ({"a": [1]}, [step("copy", "/b", **{"from": "/a"})], {"a": [1], "b": [1]}),
        (
            {"/": 9, "~1": 10},
            [step("test", "/~01", 10), step("test", "/~1", 9)],
            {"/": 9, "~1": 10},
        ),
        ({"a": 1}, [step("replace", "", [1])], [1]),
        ({"": 1}, [step("remove", "/")], {}),
    ],
)
def test_patches(before: Any, patch: list[dict[str, Any]], after: Any) -> None:
    kept = repr(before)
    assert apply(before, patch) == after
    assert repr(before) == kept, "the document given stays as it is"


@pytest.mark.parametrize(
    "patch",
    [
        step("add", "/baz/bat", 1),
        step("remove", "/nope"),
        step("replace", "/nope", 1),
        step("add", "/list/5", 1),
        step("add", "/list/-1", 1),
        step("add", "/list/01", 1),
        step("remove", "/list/-"),
        step("test", "/list", [2]),
        step("move", "/list/0/a", **{"from": "/list"}),
        step("add", "list", 1),
        step("add", "/text/0", 1),
        step("add", "/x"),
        step("invent", "/x", 1),
        step("remove", 1),  # type: ignore[arg-type]
        {"op": "remove"},
        "remove",
    ],
)
def test_what_does_not_apply(patch: Any) -> None:
    with pytest.raises(PatchError):
        apply({"list": [1], "text": "abc"}, [patch])


def test_a_change_of_one_place_does_not_show_in_another() -> None:
    layer = {"units": 1}
    after = apply([layer, layer], [step("add", "/0/units", 2)])
    assert after == [{"units": 2}, {"units": 1}]


def test_looking() -> None:
    assert look({"a": [{"b/c": 1}]}, "/a/0/b~1c") == 1
    assert look([1], "") == [1]


def test_fixes_that_go_together_are_applied_at_once() -> None:
    document = {"stack": [{"a": 1}, {"a": 2}, {"a": 3}]}
    fixes = [
        [step("remove", "/stack/0")],
        None,
        [step("add", "/stack/2/a", 9)],
        [step("remove", "/stack/1")],
        [step("add", "/fit", {"epochs": 1})],
        [step("add", "/fit", {"seed": 1})],
        [step("remove", "/nowhere")],
    ]
    after, taken = apply_fixes(document, fixes)
    assert after == {"stack": [{"a": 2}, {"a": 9}], "fit": {"epochs": 1}}
    assert taken == [0, 2, 4]


def test_a_fix_inside_of_what_another_one_removes_waits() -> None:
    fixes = [[step("add", "/stack/0/a", 9)], [step("remove", "/stack/0")]]
    assert apply_fixes({"stack": [{"a": 1}]}, fixes) == ({"stack": [{"a": 9}]}, [0])


@pytest.mark.parametrize(
    ("before", "patch", "after"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging(before: Any, patch: Any, after: Any) -> None:
    kept = repr(before)
    assert merge(before, patch) == after
    assert repr(before) == kept, "the document given stays as it is"


def test_copies_that_double_the_document_are_refused() -> None:
    doubling = [step("copy", f"/{n + 1}", **{"from": ""}) for n in range(60)]
    with pytest.raises(PatchError, match="too large") as caught:
        apply({"0": 1}, doubling, most=10_000)
    assert caught.value.place is not None
    assert caught.value.place < 20
