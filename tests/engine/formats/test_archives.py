"""Archives of texts, TAR archives, and images beside a table of labels."""

import gzip
import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from backports import zstd
from PIL import Image

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from engine.tasks import recognise
from tests.engine._port import Recorder
from tests.engine.formats.test_contract import take
from tests.engine.formats.test_image_folder import GREY, packed, picture


def taped(
    files: dict[str, bytes], *others: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT
) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for other in others:
            archive.addfile(other)
    return buffer.getvalue()


TEXTS = {
    "mail/good/1.txt": b"hello there",
    "mail/good/2.txt": "Zürich".encode("utf-16"),
    "mail/bad/1": "Grüße aus Köln".encode("cp1252"),
    "mail/bad/.hidden": b"\0",
}
IMAGES = {"data/1.png": picture(GREY), "data/2.png": picture(GREY), "data/sub/3.png": picture(GREY)}


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("x.zip", packed),
        ("x.tar", taped),
        ("x.tar", lambda files: taped(files, form=tarfile.GNU_FORMAT)),
        ("x.tar", lambda files: taped(files, form=tarfile.USTAR_FORMAT)),
        ("x.tar.gz", lambda files: gzip.compress(taped(files))),
        ("x.tgz", lambda files: gzip.compress(taped(files))),
        ("x.tar.zst", lambda files: zstd.compress(taped(files))),
    ],
)
def test_texts_and_images_in_every_archive(
    name: str, pack: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    result = take(tmp_path, pack(TEXTS), name)
    assert result["format"] == "text_folder"
    assert [(row["text"], row["label"]) for row in result["preview"]] == [
        ("Grüße aus Köln", "bad"),
        ("hello there", "good"),
        ("Zürich", "good"),
    ]
    text, label = result["schema"]["columns"]
    assert (text["kind"], label["kind"], label["role"]) == ("text", "category", "label")
    assert take(tmp_path, pack(IMAGES), name)["format"] == "image_folder"
    asked = {"path": str(tmp_path / "upload"), "filename": name}
    assert recognise.run(asked, Recorder()) == {"format": "image_folder"}
    assert Dataset(tmp_path / "out").schema.column("label").categories == ["data", "sub"]


@pytest.mark.parametrize("pack", [packed, taped])
@pytest.mark.parametrize(
    ("where", "table"),
    [
        ("labels.csv", "file,age,kind\n{0}data/1.png,3,x\n{0}data/sub/3.png,4,y\n"),
        ("data/labels.csv", "age;kind;file\n3;x;{0}1.png\n4;y;{0}sub/3.png\n"),
        ("labels.tsv", "age\tkind\tfile\n3\tx\t1.png\n4\ty\t3.png\n5\tz\tnone.png\n"),
        ("labels.csv", "id,age,kind\n1,3,x\n3,4,y\n"),
    ],
)
def test_columns_come_from_a_table(
    pack: Callable[[dict[str, bytes]], bytes], where: str, table: str, tmp_path: Path
) -> None:
    result = take(tmp_path, pack(IMAGES | {where: table.format("./").encode()}))
    assert [column["name"] for column in result["schema"]["columns"]] == ["image", "age", "kind"]
    assert [(row["age"], row["kind"]) for row in result["preview"]] == [(3, "x"), (4, "y")]
    assert "1 images without a row in the table were skipped." in result["notes"]
    assert ("none.png" in table) == any("rows of the table" in note for note in result["notes"])
    assert sorted(result["files"]) == sorted(file.name for file in (tmp_path / "out").iterdir())


def test_a_single_column_of_a_table_is_the_label(tmp_path: Path) -> None:
    table = b"image,class\n1.png,cat\n2.png,dog\n3.png,cat\n"
    result = take(tmp_path, packed(IMAGES | {"labels.csv": table}))
    assert result["classes"] == {"class": {"cat": 2, "dog": 1}}
    assert result["schema"]["columns"][1]["role"] == "label"


@pytest.mark.parametrize(
    ("files", "match"),
    [
        ({"a.csv": b"file,x\n1.png,1\n", "b.csv": b"file,x\n1.png,1\n"}, "several tables"),
        ({"a.csv": b"file,x\nnone.png,7\n"}, "names of the images"),
        ({"a.csv": b"file\n1.png\n"}, "nothing of the images"),
        ({"a.csv": b"file,x\n1.png,1\n1.png,2\n"}, "twice"),
        ({"a.csv": b"\0"}, "NUL"),
    ],
)
def test_tables_that_do_not_fit(files: dict[str, bytes], match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, packed(IMAGES | files))


def odd(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def negative() -> bytes:
    """A member of which the size is forged to be negative, which sends readers in circles."""
    data = bytearray(taped(IMAGES, form=tarfile.GNU_FORMAT))
    data[124:136] = b"\xff" * 10 + (-1024 % 65536).to_bytes(2, "big")
    header = tarfile.TarInfo.frombuf
    data[148:156] = b" " * 8
    data[148:156] = b"%06o\0 " % sum(data[:512])
    assert header(bytes(data[:512]), "utf-8", "strict").size < 0
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (taped({"../a/1.png": b""}), "outside"),
        (taped({"/a/1.png": b""}), "outside"),
        (taped({"a/../../1.png": b""}), "outside"),
        (taped({"a/" + "x" * 300: b""}), "too long"),
        (taped(IMAGES, odd("a/2.png", tarfile.SYMTYPE, "/etc/passwd")), "is a link"),
        (taped(IMAGES, odd("a/2.png", tarfile.LNKTYPE, "a/1.png")), "is a link"),
        (taped(IMAGES, odd("a/2.png", tarfile.CHRTYPE)), "is a device"),
        (taped(IMAGES, odd("a/2.png", tarfile.FIFOTYPE)), "is a device"),
        (taped(IMAGES | {"a/b.zip": packed({})}), "archive in an archive"),
        (taped(IMAGES)[:1560], "ends too early|damaged"),
        (negative(), "impossible size|damaged"),
        (taped({"a/1.txt": bytes(range(128, 256))}), "no text"),
        (taped({"a/1.txt": b"x" * 70_000}), "limit"),
        (taped({"1.txt": b"x"}), "no class folder"),
        (taped({"a/1.txt": b" "}), "All texts are empty"),
    ],
)
def test_refusals(data: bytes, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, data)
    assert not (tmp_path / "etc").exists()


def test_the_first_frame_and_deep_colours(tmp_path: Path) -> None:
    frames = [Image.fromarray(np.full((3, 4, 3), value, np.uint8)) for value in (10, 200)]
    moving = {"save_all": True, "append_images": frames[1:]}
    files = {
        "a/1.gif": picture(frames[0], "GIF", **moving),
        "a/2.webp": picture(frames[0], "WEBP", lossless=True, **moving),
        "a/3.png": picture(frames[0], "PNG", **moving),
    }
    take(tmp_path, taped(files))
    for pixels in Dataset(tmp_path / "out").values("image"):
        assert pixels.shape[:2] == (3, 4)
        assert np.all(pixels[..., :3] == 10)
