"""Images in class folders."""

import io
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.dataset.canonical import Dataset
from engine.faults import Fault
from tests.engine.formats.test_contract import take


def picture(image: Image.Image, form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=form, **options)
    return buffer.getvalue()


GREY = Image.fromarray(np.arange(12, dtype=np.uint8).reshape(3, 4))


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_folders_are_classes_and_pixels_are_kept(tmp_path: Path) -> None:
    rgb = Image.fromarray(np.random.default_rng(0).integers(0, 256, (5, 6, 3), np.uint8))
    data = packed(
        {
            "top/cat/1.png": picture(GREY),
            "top/dog/1.png": picture(rgb),
            "top/dog/2.bmp": picture(rgb, "BMP"),
            "__MACOSX/top/dog/._1.png": b"junk",
            "top/dog/.DS_Store": b"junk",
        }
    )
    result = take(tmp_path, data, "pets.zip")
    dataset = Dataset(tmp_path / "out")
    assert result["classes"] == {"label": {"cat": 1, "dog": 2}}
    assert result["notes"] == ["2 hidden files were skipped."]
    assert dataset.schema.column("label").role == "label"
    assert dataset.schema.column("image").shape == [None, None, None]
    images = dataset.values("image")
    assert np.array_equal(images[0][:, :, 0], np.asarray(GREY))
    assert np.array_equal(images[1], np.asarray(rgb))
    assert np.array_equal(images[2], np.asarray(rgb))
    assert result["preview"][0]["image"].startswith("data:image/png;base64,")
    assert result["preview"][0]["label"] == "cat"


@pytest.mark.parametrize(
    ("image", "form", "channels"),
    [
        (GREY, "PNG", 1),
        (GREY.convert("1"), "PNG", 1),
        (GREY.convert("P"), "PNG", 3),
        (GREY.convert("P"), "GIF", 3),
        (GREY.convert("LA"), "PNG", 4),
        (GREY.convert("RGBA"), "PNG", 4),
        (GREY.convert("RGB"), "WEBP", 3),
        (GREY, "JPEG", 1),
        (GREY.convert("CMYK"), "JPEG", 3),
        (Image.fromarray(np.arange(12, dtype=np.uint16).reshape(3, 4) * 5461), "PNG", 1),
    ],
)
def test_modes(image: Image.Image, form: str, channels: int, tmp_path: Path) -> None:
    take(tmp_path, packed({"a/1": picture(image, form)}))
    dataset = Dataset(tmp_path / "out")
    shape = dataset.schema.column("image").shape
    assert shape is not None
    assert shape[:2] == [3, 4]
    if form != "GIF":
        assert shape[2] == channels
    if image.mode.startswith("I;16"):
        expected = np.asarray(image).astype(float) / 257
        assert np.abs(dataset.values("image")[0][:, :, 0] - expected).max() <= 0.5


def test_photographs_are_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    take(tmp_path, packed({"a/1.png": picture(GREY, exif=exif)}))
    turned = Dataset(tmp_path / "out").values("image")[0][:, :, 0]
    assert np.array_equal(turned, np.rot90(np.asarray(GREY), -1))


def link() -> bytes:
    entry = zipfile.ZipInfo("a/1.png")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed({"a/1.png": picture(GREY)}, zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    data = bytearray(packed({"a/1.png": picture(GREY), "a/2.png": picture(GREY)}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    return bytes(data)


def enormous() -> bytes:
    data = bytearray(picture(GREY))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    return packed({"a/1.png": bytes(data)})


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (packed({"../a/1.png": picture(GREY)}), "outside"),
        (packed({"/a/1.png": picture(GREY)}), "outside"),
        (packed({"C:/a/1.png": picture(GREY)}), "outside"),
        (packed({"a/../../1.png": picture(GREY)}), "outside"),
        (packed({"a/" + "x" * 300 + ".png": picture(GREY)}), "too long"),
        (packed({"1.png": picture(GREY)}), "no class folder"),
        (packed({"a/more.zip": packed({})}), "archive in an archive"),
        (packed({"a/1.png": picture(GREY, "TIFF")}), "no image of a known format"),
        (packed({"a/1.png": picture(GREY)[:50]}), "damaged"),
        (packed({"a/1.png": picture(GREY), "a/readme.txt": b"hello"}), "no image"),
        (packed({"a/1.png": picture(GREY)}, zipfile.ZIP_LZMA), "unusual method"),
        (packed({}), "no images"),
        (packed({"a/1.png": picture(GREY)})[:-30], "damaged"),
        (link(), "symbolic link"),
        (encrypted(), "encrypted"),
        (overlapping(), "overlap"),
        (enormous(), "pixels"),
    ],
)
def test_refusals(data: bytes, match: str, tmp_path: Path) -> None:
    with pytest.raises(Fault, match=match):
        take(tmp_path, data)
    assert not (tmp_path / "etc").exists()


def test_all_bad_images_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        take(tmp_path, packed({"a/1.png": b"x", "a/2.png": b"y", "b/3.png": picture(GREY)}))
    assert len(caught.value.items) == 2
