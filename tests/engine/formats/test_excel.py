"""Spreadsheets."""

import io
import zipfile
from pathlib import Path

import pytest
import statsmodels

from engine.faults import Fault
from engine.formats._workbook import packed, sheet, workbook
from tests.engine.formats.test_contract import take

ROWS = [
    ["day", "zip", "n", "ok", "share"],
    ["2024-01-31 00:00:00", "01234", 1, True, "1,5"],
    ["2024-02-01 00:00:00", "99999", 2, False, "2,25"],
    [None, None, None, None, None],
    ["2024-02-02 00:00:00", None, 3, True, "#N/A"],
]


def test_kinds_and_notes(tmp_path: Path) -> None:
    result = take(tmp_path, workbook({"Empty": [], "Data": ROWS, "More": [["x"], [1]]}), "a.xlsx")
    kinds = {column["name"]: column["kind"] for column in result["schema"]["columns"]}
    assert kinds == {
        **{"day": "date", "zip": "category", "n": "integer", "ok": "boolean", "share": "number"}
    }
    assert result["rows"] == 3
    assert result["preview"][1] == {
        **{"day": "2024-02-01", "zip": "99999", "n": 2, "ok": False, "share": 2.25}
    }
    assert result["notes"][:2] == [
        "The workbook has 3 sheets; 'Data' was read.",
        "1 empty lines were skipped.",
    ]


def test_a_real_old_workbook(tmp_path: Path) -> None:
    """Figures of the USA by month and by quarter, as the Federal Reserve hands them out."""
    folder = Path(statsmodels.__file__).parent / "datasets/macrodata/src"
    path = next(path for path in folder.rglob("macrodata.xls") if path.is_file())
    result = take(tmp_path, path.read_bytes(), "macrodata.xls")
    assert result["format"] == "excel"
    assert result["rows"] == 911
    assert result["notes"] == ["The workbook has 3 sheets; 'Monthly' was read."]
    assert result["preview"][0]["DATE"] == "1934-01-01"
    kinds = {column["name"]: column["kind"] for column in result["schema"]["columns"]}
    assert kinds["TB3MS"] == "number"
    assert kinds["POP"] == "integer"


def test_a_sheet_without_names(tmp_path: Path) -> None:
    result = take(tmp_path, workbook({"S": [[1.5, "a"], [2.5, "b"]]}))
    assert [column["name"] for column in result["schema"]["columns"]] == ["column_1", "column_2"]


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
FAR = sheet([["a"]]).replace("<c ", '<c r="XFD1048576" ')
BIG = '<row><c t="inlineStr"><is><t>' + "x" * 70_000 + "</t></is></c></row>"


def forged(xml: str) -> bytes:
    whole = workbook({"S": [["a"], [1]]})
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts = {name: text.partition("\n")[2] for name, text in texts.items()}
    return packed(parts | {"xl/worksheets/sheet1.xml": xml})


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (workbook({"S": []}), "holds anything"),
        (workbook({"S": [["a", "b"]]}), "no rows"),
        (workbook({"S": [["a", "a"], [1, 2]]}), "twice"),
        (forged(FAR), "spans 16,384 x 1,048,576 cells"),
        (forged(sheet([["a"]]).replace("</sheetData>", BIG + "</sheetData>")), "limit"),
        (forged("<worksheet><sheetData><row>"), "cannot be read|holds anything"),
        (workbook({"S": ROWS})[:-60], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096, "cannot be read|damaged"),
    ],
)
def test_refusals(data: bytes, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, data)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """A billion laughs."""
    xml = sheet([["name"], ["LAUGH"]]).replace("LAUGH", "&a11;")
    with pytest.raises(Fault, match="unrecognized entity"):
        take(tmp_path, forged(f"<!DOCTYPE x [<!ENTITY a0 'ha'>{LAUGHS}]>{xml}"))
