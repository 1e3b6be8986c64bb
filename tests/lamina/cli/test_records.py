"""Records for predictions."""

import io
from pathlib import Path

import pytest

from lamina.cli.records import read_given, read_records
from lamina.client.errors import BadSource

_EXPECTED = [{"a": 1, "b": 2.5, "c": "x", "d": None}, {"a": 2, "b": -1.0, "c": "y", "d": None}]


@pytest.mark.parametrize(
    "text",
    [
        '[{"a":1,"b":2.5,"c":"x","d":null},{"a":2,"b":-1.0,"c":"y","d":null}]',
        '{"a":1,"b":2.5,"c":"x","d":null}\n{"a":2,"b":-1.0,"c":"y","d":null}\n',
        "a,b,c,d\n1,2.5,x,\n2,-1.0,y,\n",
        "\ufeffa,b,c,d\n1,2.5,x,\n2,-1.0,y,\n",
    ],
)
def test_every_form_gives_the_same(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "records").write_text(text, "utf-8")
    assert read_records(str(tmp_path / "records")) == _EXPECTED
    monkeypatch.setattr("sys.stdin", io.StringIO(text.removeprefix("\ufeff")))
    assert read_records("-") == _EXPECTED


def test_one_record(tmp_path: Path) -> None:
    (tmp_path / "records").write_text('{"a": 1}')
    assert read_records(str(tmp_path / "records")) == [{"a": 1}]


@pytest.mark.parametrize("text", ["", "[]", "[1]", '{"a":1}\nx', "a,b\n"])
def test_no_records(text: str, tmp_path: Path) -> None:
    (tmp_path / "records").write_text(text)
    with pytest.raises(BadSource):
        read_records(str(tmp_path / "records"))


def test_no_file() -> None:
    with pytest.raises(BadSource, match="cannot read 'nowhere'"):
        read_records("nowhere")


def test_arrays_and_images_are_taken_by_their_paths(tmp_path: Path) -> None:
    assert read_given(["a.npy"]) == Path("a.npy")
    assert read_given(["a.PNG", "b.jpg"]) == [Path("a.PNG"), Path("b.jpg")]
    (tmp_path / "records").write_text('{"a": 1}')
    assert read_given([str(tmp_path / "records")]) == [{"a": 1}]
    with pytest.raises(BadSource, match="one file"):
        read_given(["a.png", "records.json"])
