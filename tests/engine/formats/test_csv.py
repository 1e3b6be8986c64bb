"""Text tables."""

from pathlib import Path

import palmerpenguins
import pytest
from sklearn.datasets import load_wine

from engine.faults import Fault
from tests.engine.formats.test_contract import take


def columns(result: dict) -> dict[str, dict]:
    return {column["name"]: column for column in result["schema"]["columns"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiters_marks_and_line_ends(
    delimiter: str, start: bytes, newline: str, tmp_path: Path
) -> None:
    lines = [["n", "word"], ["1.5", '"a, b; c"'], ["2", "é"], ["", "NA"]]
    text = newline.join(delimiter.join(line) for line in lines) + newline
    found = columns(take(tmp_path, start + text.encode()))
    assert list(found) == ["n", "word"]
    assert found["n"]["kind"] == "number"
    assert (found["n"]["minimum"], found["n"]["mean"], found["n"]["missing"]) == (1.5, 1.75, 1)
    assert found["word"]["categories"] == ["a, b; c", "é"]
    assert found["word"]["missing"] == 1


def test_kinds(tmp_path: Path) -> None:
    text = "i,b,d,z,t,m\n" + "".join(
        f"{n},{'True' if n % 2 else 'false'},2024-01-{n + 1:02},0{n},word {n},{n}.0\n"
        for n in range(25)
    )
    found = columns(take(tmp_path, text.encode()))
    kinds = {name: column["kind"] for name, column in found.items()}
    assert kinds == {
        "i": "integer",
        "b": "boolean",
        "d": "date",
        "z": "text",
        "t": "text",
        "m": "number",
    }
    assert found["i"]["categories"][:3] == ["0", "1", "2"]
    assert found["b"]["categories"] == ["false", "true"]


def test_penguins_with_missing_values(tmp_path: Path) -> None:
    text = palmerpenguins.load_penguins().to_csv(index=False)
    result = take(tmp_path, text.encode(), "penguins.csv")
    found = columns(result)
    assert result["rows"] == 344
    assert found["species"]["categories"] == ["Adelie", "Chinstrap", "Gentoo"]
    assert found["sex"]["missing"] == 11
    assert found["bill_length_mm"]["missing"] == 2
    assert found["bill_length_mm"]["mean"] == pytest.approx(43.92193, abs=1e-4)
    assert result["classes"]["species"] == {"Adelie": 152, "Chinstrap": 68, "Gentoo": 124}
    assert result["classes"]["year"] == {"2007": 110, "2008": 114, "2009": 120}


def test_wine_statistics_are_those_of_numpy(tmp_path: Path) -> None:
    frame = load_wine(as_frame=True).frame
    found = columns(take(tmp_path, frame.to_csv(index=False).encode()))
    for name in frame.columns:
        assert found[name]["std"] == pytest.approx(frame[name].to_numpy().std(), rel=1e-9)


def test_empty_lines_are_skipped_and_told(tmp_path: Path) -> None:
    result = take(tmp_path, b"a,b\n1,2\n\n3,\n\n")
    assert result["rows"] == 2
    assert result["notes"] == ["2 empty lines were skipped."]
    assert take(tmp_path, b"a\n1\n\n3\n")["rows"] == 3


def test_decimal_commas_between_semicolons(tmp_path: Path) -> None:
    found = columns(take(tmp_path, b"a;b;c\n1,5;2;1,x\n-2;3;2,5\n"))
    assert (found["a"]["kind"], found["a"]["mean"]) == ("number", -0.25)
    assert found["b"]["kind"] == "integer"
    assert found["c"]["kind"] == "category"


@pytest.mark.parametrize(
    ("data", "code", "match"),
    [
        (b"a,b\n", "empty", "no rows"),
        (b"a,b\n,\n,\n", "empty", "no rows"),
        (b"1,2\n3,4\n", "unreadable", "name the columns"),
        (b"a,a\n3,4\n", "unreadable", "twice: a"),
        (b"a,b\n\xe9,1\n", "unreadable", "UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "unreadable", "UTF-8"),
        (b"a,b\n1,2,3\n", "unreadable", "cannot be read"),
        (b"a\n" + b"x" * 70_000, "too-large", "cell"),
        (b'a,b\n1,2\n"x,2\n3,4\n', "unreadable", "not closed"),
        (b"a,b\n" + b'1,"' + b"x" * 300_000 + b"\n" * 3, "unreadable", "not closed"),
    ],
)
def test_refusals(data: bytes, code: str, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match) as caught:
        take(tmp_path, data)
    assert caught.value.items[0].code == code
