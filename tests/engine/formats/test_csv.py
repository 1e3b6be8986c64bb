"""Text tables."""

from pathlib import Path

import palmerpenguins
import pytest
from sklearn.datasets import load_wine

from engine.dataset.canonical import Dataset
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
    ("encoding", "told"),
    [
        ("utf-8-sig", None),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-be", "UTF-32"),
        ("cp1252", "Windows-1252"),
        ("latin-1", "Windows-1252"),
    ],
)
def test_encodings(encoding: str, told: str | None, tmp_path: Path) -> None:
    text = "größe,wort\n" + "".join(f"{n}.5,Zürich {n}\n" for n in range(40))
    result = take(tmp_path, text.encode(encoding), "export.csv")
    assert list(columns(result)) == ["größe", "wort"]
    assert result["preview"][3] == {"größe": 3.5, "wort": "Zürich 3"}
    assert told is None or told in result["notes"][0]


def test_broken_bytes_are_replaced_and_counted(tmp_path: Path) -> None:
    lines = [f"{n},Zürich\n".encode() for n in range(50)]
    lines[7], lines[9] = b"7,Z\xffrich\n", b"9,Z\xc3\n"
    result = take(tmp_path, b"n,city\n" + b"".join(lines))
    assert result["notes"] == ["2 broken characters were replaced by \ufffd."]
    assert result["preview"][7]["city"] == "Z\ufffdrich"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("5.1,3.5,setosa\n4.9,3,setosa\n", ["column_1", "column_2", "column_3"]),
        ("1,2\n3,4\n", ["column_1", "column_2"]),
        ("7\n8\n", ["column_1"]),
        ("0,1,2\n7,8,9\n", ["0", "1", "2"]),
        ("name,2019,2020,2021\na,1,2,3\n", ["name", "2019", "2020", "2021"]),
        ("a,1\nb,c\n", ["a", "1"]),
    ],
)
def test_a_header_line_may_be_absent(text: str, names: list[str], tmp_path: Path) -> None:
    result = take(tmp_path, text.encode())
    assert list(columns(result)) == names
    absent = names[0] == "column_1"
    assert result["rows"] == text.count("\n") - (not absent)
    assert bool(result["notes"]) == absent


def test_what_the_first_rows_do_not_show(tmp_path: Path) -> None:
    """The types are those of all words, wherever the odd ones stand."""
    count = 30_000
    rows = [[str(n), str(n), f"{n % 99}", "", "2024-01-01", "true"] for n in range(count)]
    rows[-1] = ["x", "1.5", "007", "4", "2024-01-01", "false"]
    text = "word,number,code,late,day,flag\n" + "".join(",".join(row) + "\n" for row in rows)
    result = take(tmp_path, text.encode())
    kinds = {name: column["kind"] for name, column in columns(result).items()}
    assert kinds == {
        **{"word": "text", "number": "number", "code": "category"},
        **{"late": "integer", "day": "date", "flag": "boolean"},
    }
    assert columns(result)["late"]["missing"] == count - 1
    assert "Column 'word' holds integers but for words such as 'x'" in result["notes"][0]


def test_cells_with_line_ends_and_quotes(tmp_path: Path) -> None:
    result = take(tmp_path, b'a,b\n"one\ntwo",1\n"say ""hi"", then",2\n')
    assert [row["a"] for row in result["preview"]] == ["one\ntwo", 'say "hi", then']


def test_columns_may_have_any_name(tmp_path: Path) -> None:
    """Names that libraries use for columns of their own make no difference."""
    names = ["count", "len", "index", "proportion", "value", "literal", "struct", "a.b*", "^c$o"]
    lines = "".join(",".join([f"word {n}"] * 8 + [f"{n}.5"]) + "\n" for n in range(3))
    result = take(tmp_path, f"{','.join(names)}\n{lines}".encode())
    assert list(columns(result)) == names
    assert columns(result)["^c$o"]["mean"] == 1.5
    assert Dataset(tmp_path / "out").values("a.b*").tolist() == ["word 0", "word 1", "word 2"]
    assert result["classes"]["count"] == {"word 0": 1, "word 1": 1, "word 2": 1}


@pytest.mark.parametrize(
    ("data", "code", "match"),
    [
        (b"a,b\n", "empty", "no rows"),
        (b"a,b\n,\n,\n", "empty", "no rows"),
        (b"a,a\n3,4\n", "unreadable", "twice: a"),
        ("имя,b\nимя,1\n".encode("cp1251"), "unreadable", "UTF-8"),
        (b"a,b\n\0\0,1\n", "unknown-format", "no known format"),
        (b"a,b\n" + b"1,2\n" * 2000 + b"\0,1\n", "unreadable", "NUL"),
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


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("a, b ,c", ["a", "b", "c"]),
        (",a,", ["column_1", "a", "column_3"]),
        ("column_2,,x", ["column_2", "column_2_", "x"]),
        ('"a ""b""","""""","x\ny"', ['a "b"', '""', "x\ny"]),
        ("*,^.*$,^a$", ["*", "^.*$", "^a$"]),
    ],
)
def test_names_of_columns(header: str, names: list[str], tmp_path: Path) -> None:
    result = take(tmp_path, f"{header}\n1,2,3\n4,5,6\n".encode())
    assert result["preview"] == [
        dict(zip(names, row, strict=True)) for row in [(1, 2, 3), (4, 5, 6)]
    ]


def test_a_header_line_may_be_long(tmp_path: Path) -> None:
    names = [f"{'x' * 600}{number}" for number in range(300)]
    content = ";".join(names) + "\n" + ";".join(["1"] * 300) + "\n"
    assert list(columns(take(tmp_path, content.encode()))) == names
