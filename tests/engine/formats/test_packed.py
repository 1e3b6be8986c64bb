"""Files within gzip and Zstandard."""

import gzip
from pathlib import Path

import pytest
from backports import zstd

from engine.faults import Fault
from engine.formats import FORMATS
from engine.tasks import recognise
from tests.engine._port import Recorder
from tests.engine.formats.test_contract import take

FLAT = ("csv", "json_rows", "parquet", "arrow", "npy")
PACKERS = {"gz": gzip.compress, "zst": zstd.compress}


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("name", FLAT)
def test_a_packed_example_is_read_as_itself(tmp_path: Path, name: str, packer: str) -> None:
    filename = f"data{min(FORMATS[name].extensions)}.{packer}"
    content = PACKERS[packer](FORMATS[name].example())
    assert take(tmp_path, content, filename)["format"] == name
    asked = {"path": str(tmp_path / "upload"), "filename": filename}
    assert recognise.run(asked, Recorder()) == {"format": name}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gzip.compress(b"a,b\n1,2\n")[:-6], "unreadable"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000), "too-large"),
        (zstd.compress(b"a,b\n1,2\n")[:-3], "unreadable"),
        (zstd.compress(b"a,b\n" + b"1,2\n" * 1_000_000), "too-large"),
        (gzip.compress(b""), "empty"),
        (gzip.compress(gzip.compress(b"a,b\n1,2\n")), "unknown-format"),
        (gzip.compress(b"\x80\x04\x95pickle\0"), "unknown-format"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Fault) as caught:
        take(tmp_path, content, "data.csv.gz", expanded_bytes=100_000)
    assert caught.value.items[0].code == code
    unpacked = tmp_path / "out.unpacked"
    assert not unpacked.exists() or unpacked.stat().st_size <= 1_200_000, "a bomb is not unpacked"
