"""What a model is asked: arrays and images as they are, all else as records."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lamina.client.errors import BadSource
from lamina.client.question import question


def sent(given: Any) -> tuple[str, bytes]:
    """Content type and content of the request."""
    call = question("/v1/models/mdl_x/predict", given)
    content = call.content()
    assert content is not None
    whole = content if isinstance(content, bytes) else b"".join(content)
    if call.body is not None:
        assert len(whole) == call.body.length
    return call.sent_headers["Content-Type"], whole


def test_numbers_go_as_an_array() -> None:
    kind, content = sent(np.arange(6).reshape(3, 2))
    assert kind == "application/x-npy"
    assert np.load(io.BytesIO(content)).tolist() == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{"a": 1}], b'{"records": [{"a": 1}]}'),
        (np.array(["b", "c"]), b'{"records": [{"x": "b"}, {"x": "c"}]}'),
        (pd.DataFrame({"a": [1.5]}), b'{"records": [{"a": 1.5}]}'),
    ],
)
def test_all_else_goes_as_records(given: Any, expected: bytes) -> None:
    assert sent(given) == ("application/json", expected)


def test_files_go_as_they_are(tmp_path: Path) -> None:
    picture = tmp_path / "digit.png"
    picture.write_bytes(b"\x89PNG")
    for given in (picture, str(picture), picture.read_bytes()):
        assert sent(given) == ("application/octet-stream", b"\x89PNG")
    np.save(tmp_path / "rows.npy", np.zeros(2))
    assert sent(tmp_path / "rows.npy")[0] == "application/x-npy"
    kind, content = sent([picture, b"GIF89a"])
    boundary = kind.removeprefix("multipart/form-data; boundary=").encode()
    parts = content.split(b"--" + boundary)
    assert [part.partition(b"\r\n\r\n")[2] for part in parts[1:3]] == [
        b"\x89PNG\r\n",
        b"GIF89a\r\n",
    ]
    assert parts[3] == b"--\r\n"
    with pytest.raises(BadSource, match="No such file"):
        sent(tmp_path / "none.png")
