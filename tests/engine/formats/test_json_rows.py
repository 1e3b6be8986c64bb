"""Rows as JSON."""

from pathlib import Path

import pytest

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from tests.engine.formats.test_contract import take


@pytest.mark.parametrize(
    "text",
    [
        '[{"x": 1, "v": [[1.5, 2]], "w": "a"}, {"x": null, "v": [[3, 4]], "w": "b"}]',
        '{"rows": [{"x": 1, "v": [[1.5, 2]], "w": "a"}, {"v": [[3, 4]], "w": "b"}]}',
        '{"x": 1, "v": [[1.5, 2]], "w": "a"}\n{"x": null, "v": [[3, 4]], "w": "b"}\n',
    ],
)
def test_three_spellings(text: str, tmp_path: Path) -> None:
    result = take(tmp_path, text.encode())
    dataset = Dataset(tmp_path / "out")
    assert [column.kind for column in dataset.schema.columns] == ["integer", "tensor", "category"]
    assert dataset.schema.column("x").missing == 1
    assert dataset.values("v").tolist() == [[[1.5, 2.0]], [[3.0, 4.0]]]
    assert result["preview"][1] == {"x": None, "v": [[3.0, 4.0]], "w": "b"}


def test_strings_of_digits_stay_strings(tmp_path: Path) -> None:
    take(tmp_path, b'[{"zip": "01234"}, {"zip": "99"}]')
    assert Dataset(tmp_path / "out").schema.column("zip").categories == ["01234", "99"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[1, 2]", "array of objects"),
        ("[]", "no rows"),
        ("[{}]", "no fields"),
        ('[{"x": NaN}]', "NaN is not JSON"),
        ('[{"x": 1}, {"x": "a"}]', "several types: int, str"),
        ('[{"x": [1]}, {"x": [1, 2]}]', "same shape"),
        ('[{"x": [1]}, {"x": null}]', "same shape|numbers only"),
        ('[{"x": ["a", 1]}]', "numbers only"),
        ('[{"x": {"y": 1}}]', "objects inside"),
        ('[{"x": "\\u0000"}]', "NUL"),
        ('[{"x": "\\ud800"}]', "surrogates"),
        ("[" * 100_000, "cannot be read"),
        ('[{"x": 1}', "cannot be read"),
    ],
)
def test_refusals(text: str, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, text.encode())
