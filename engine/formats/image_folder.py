"""Images in class folders, in a ZIP archive."""

import io
import zipfile
from pathlib import Path, PurePosixPath

import numpy as np

from engine.dataset.content import Content, Pictures
from engine.dataset.limits import Limits, refusal
from engine.faults import Fault, Item
from engine.formats._archive import is_zip, members, opened
from engine.formats._base import Format, Report
from engine.formats._picture import TooManyPixels, decoded, measured

_NESTED = frozenset({".zip", ".gz", ".bz2", ".xz", ".7z", ".tar", ".rar", ".tgz"})
_MOST_ITEMS = 20


class ImageFolder(Format):
    """A ZIP archive with one folder per class and images (PNG, JPEG, WebP, BMP, GIF) in them.

    Gives the columns `image` and `label`; the label is the name of the folder that holds the
    image. Hidden files and `__MACOSX` are skipped. Photographs are turned upright.
    """

    extensions = frozenset({".zip"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """A ZIP archive that is not one of `.npy` members."""
        if not is_zip(head) or not zipfile.is_zipfile(path):
            return is_zip(head)
        with opened(path) as archive:
            return not any(name.endswith(".npy") for name in archive.namelist())

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Measure every image first, then decode into one memory-mapped file."""
        import polars as pl

        with opened(path) as archive:
            entries, notes = _images(members(archive, limits))
            shapes = _measure(archive, entries, limits)
            pictures = _decode(archive, entries, shapes, scratch, report)
        labels = [PurePosixPath(_name(entry)).parent.name for entry in entries]
        table = pl.DataFrame({"label": labels})
        return Content(
            names=["image", "label"],
            table=table,
            images={"image": pictures},
            roles={"label": "label"},
            notes=notes,
        )

    @classmethod
    def example(cls) -> bytes:
        """Four grey images in two classes."""
        from PIL import Image

        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for number in range(4):
                picture = io.BytesIO()
                Image.new("L", (4, 3), color=60 * number).save(picture, format="PNG")
                archive.writestr(f"{'ab'[number % 2]}/{number}.png", picture.getvalue())
        return buffer.getvalue()


def _name(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _images(entries: list[zipfile.ZipInfo]) -> tuple[list[zipfile.ZipInfo], list[str]]:
    """The entries that must be images, in the order of their names; and notes on the others."""
    kept, hidden, items = [], 0, []
    for entry in sorted(entries, key=_name):
        path = PurePosixPath(_name(entry))
        if path.name.lower() in ("thumbs.db", "desktop.ini") or any(
            part.startswith(".") or part == "__MACOSX" for part in path.parts
        ):
            hidden += 1
        elif path.suffix.lower() in _NESTED:
            items.append(
                Item("", "unreadable", f"{str(path)[:200]!r} is an archive in an archive.")
            )
        elif len(path.parts) < 2:
            detail = f"{str(path)[:200]!r} lies in no class folder."
            items.append(Item("", "unreadable", detail))
        else:
            kept.append(entry)
    if items:
        raise Fault("invalid-dataset", items[0].detail, items[:_MOST_ITEMS])
    if not kept:
        raise refusal("empty", "The archive holds no images in class folders.")
    return kept, [f"{hidden} hidden files were skipped."] if hidden else []


def _measure(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits
) -> "np.ndarray[tuple[int, int], np.dtype[np.int32]]":
    shapes = np.empty((len(entries), 3), np.int32)
    items: list[Item] = []
    total = 0
    for row, entry in enumerate(entries):
        try:
            shapes[row] = measured(archive.read(entry), limits.pixels)
        except ValueError as error:
            code = "too-large" if isinstance(error, TooManyPixels) else "unreadable"
            items.append(Item("", code, f"{_name(entry)[:200]!r}: {error}"))
            if len(items) >= _MOST_ITEMS:
                break
            continue
        total += int(shapes[row].astype(np.int64).prod())
        limits.check("expanded_bytes", total, "Bytes of the decoded images")
    if items:
        raise Fault("invalid-dataset", items[0].detail, items)
    return shapes


def _decode(
    archive: zipfile.ZipFile,
    entries: list[zipfile.ZipInfo],
    shapes: "np.ndarray[tuple[int, int], np.dtype[np.int32]]",
    scratch: Path,
    report: Report,
) -> Pictures:
    sizes = shapes.astype(np.int64).prod(axis=1)
    values = np.lib.format.open_memmap(
        scratch / "pictures.tmp", mode="w+", dtype=np.uint8, shape=(int(sizes.sum()),)
    )
    start = 0
    for row, entry in enumerate(entries):
        try:
            pixels = decoded(archive.read(entry))
        except ValueError as error:
            raise refusal("unreadable", f"{_name(entry)[:200]!r}: {error}") from None
        if pixels.shape != tuple(shapes[row]):
            raise refusal("unreadable", f"{_name(entry)[:200]!r} is not of the size it states.")
        values[start : start + pixels.size] = pixels.reshape(-1)
        start += pixels.size
        if row % 64 == 0:
            report(row, len(entries))
    report(len(entries), len(entries))
    return Pictures(values, shapes)
