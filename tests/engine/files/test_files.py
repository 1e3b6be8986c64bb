"""Side files: every form reads its example, and refuses what is wrong with a code."""

import gzip
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.faults import Fault
from engine.files import FORMS
from engine.tasks import inspect
from tests.engine._port import Recorder

GLOVE = FORMS["word_vectors"].example()


def inspected(folder: Path, content: bytes, **limits: int) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source").write_bytes(content)
    payload = {"path": str(folder / "source"), "out": str(folder / "out"), "limits": limits}
    return inspect.run(payload, Recorder())


@pytest.mark.parametrize("name", FORMS)
def test_every_form_reads_its_example(tmp_path: Path, name: str) -> None:
    found = inspected(tmp_path, FORMS[name].example())
    assert found["form"] == name
    assert found["files"] == sorted(path.name for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(
    "content", [GLOVE, b"3 4\n" + GLOVE, gzip.compress(GLOVE), GLOVE.replace(b"\n", b" \r\n")]
)
def test_word_vectors_in_all_spellings(tmp_path: Path, content: bytes) -> None:
    found = inspected(tmp_path, content)
    assert found["description"] == {"words": 3, "dimension": 4, "repeated": 0}
    assert (tmp_path / "out/words.txt").read_text().split() == ["the", "good", "bad"]
    vectors = np.load(tmp_path / "out/vectors.npy")
    assert vectors.dtype == np.float32
    assert vectors[2].tolist() == [-1, 0, 0, 0]


def test_the_first_of_a_repeated_word_counts(tmp_path: Path) -> None:
    found = inspected(tmp_path, GLOVE + b"good 9 9 9 9\n")
    assert found["description"] == {"words": 3, "dimension": 4, "repeated": 1}
    assert np.load(tmp_path / "out/vectors.npy")[1].tolist() == [1, 0, 0, 0]


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"just some words\nand more\n", "unknown-format"),
        (b"\x00\x01\x02", "unknown-format"),
        (GLOVE + b"short 1 2\n", "unreadable"),
        (GLOVE + b"nan 1 2 nan 4\n", "unreadable"),
        (GLOVE + b"word 1 2 three 4\n", "unreadable"),
        (GLOVE + b"\xff 1 2 3 4\n", "unreadable"),
        (GLOVE + b"long " + b"1 " * 600_000, "too-large"),
        (gzip.compress(GLOVE)[:-9], "unreadable"),
        (gzip.compress(b"a 1 2 3\n" + b"b 1 2 3\n" * 100_000), "too-large"),
        (npy(np.array([{"a": 1}, 2], dtype=object)), "unreadable"),
        (npy(np.array(["a", "b"])), "unreadable"),
        (npy(np.array([1.0, np.inf])), "unreadable"),
        (npy(np.ones((20, 20)))[:-8], "unreadable"),
        (FORMS["arrays"].example()[:-40], "unknown-format"),
    ],
)
def test_what_is_wrong_is_refused_with_a_code(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        inspected(tmp_path, content, expanded_bytes=500_000)
    assert caught.value.code == "invalid-file"
    assert caught.value.items[0].code == code, caught.value.detail
