"""Images in class folders or beside a table of labels, in a ZIP or TAR archive."""

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.dataset.content import Content, Pictures
from engine.dataset.limits import Limits, refusal
from engine.faults import Fault, Item
from engine.formats._archive import Member, holds_pictures, is_archive, members
from engine.formats._base import Format, Report
from engine.formats._folders import MOST_ITEMS, in_classes, visible
from engine.formats._labels import TABLES, Labels
from engine.formats._picture import TooManyPixels, decoded, measured

if TYPE_CHECKING:
    import polars as pl

_PIXEL_BYTES = 16
_SMALL = 1 << 20


class ImageFolder(Format):
    """A ZIP or TAR archive (tar, tar.gz, tar.zst) of images: PNG, JPEG, WebP, BMP or GIF.

    With one folder per class it gives the columns `image` and `label`; the label is the name of
    the folder that holds the image. With one CSV or TSV in the archive, a column of which holds
    the images' file names, all other columns of that table stand beside the image instead; a
    single one is the label. Hidden files and `__MACOSX` are skipped. Photographs are turned
    upright; of an animation the first frame is taken; 16-bit grey becomes 8-bit.
    """

    extensions = frozenset({".zip", ".tar"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """An archive that holds images, or nothing that tells otherwise."""
        return is_archive(head) and holds_pictures(path)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Measure every image first, then decode into one memory-mapped file."""
        with members(path, limits) as found:
            images, table, notes, written = _labelled(found, limits, scratch)
            shapes = _measure(images, limits)
            pictures = _decode(images, shapes, scratch, report)
        return Content(
            names=["image", *table.columns],
            table=table,
            images={"image": pictures},
            roles={table.columns[0]: "label"} if table.width == 1 else {},
            notes=notes,
            written=written,
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


def _labelled(
    found: list[Member], limits: Limits, scratch: Path
) -> tuple[list[Member], "pl.DataFrame", list[str], dict[str, str]]:
    """The images, what is known of each, notes, and how dates are written."""
    import polars as pl

    kept, notes = visible(found)
    tables = [member for member in kept if member.path.suffix.lower() in TABLES]
    if not tables:
        images, notes = in_classes(found, "images")
        table = pl.DataFrame({"label": [image.path.parent.name for image in images]})
        return images, table, notes, {}
    if len(tables) > 1:
        names = ", ".join(table.shown for table in tables[:5])
        raise refusal("unreadable", f"The archive holds several tables: {names}. One is taken.")
    labels = Labels(tables[0], limits, scratch)
    images, table = labels.joined([member for member in kept if member is not tables[0]])
    if not table.width:
        raise refusal("empty", f"{tables[0].shown} says nothing of the images but their names.")
    return images, table, [*notes, *labels.notes], labels.written


def _measure(images: list[Member], limits: Limits) -> npt.NDArray[np.int32]:
    shapes = np.empty((len(images), 3), np.int32)
    items: list[Item] = []
    total = 0
    for row, image in enumerate(images):
        try:
            if image.size > _SMALL + _PIXEL_BYTES * limits.pixels:
                raise TooManyPixels(f"{image.size:,} bytes are more than an image takes.")
            shapes[row] = measured(image.read(), limits.pixels)
        except ValueError as error:
            code = "too-large" if isinstance(error, TooManyPixels) else "unreadable"
            items.append(Item("", code, f"{image.shown}: {error}"))
            if len(items) >= MOST_ITEMS:
                break
            continue
        total += int(shapes[row].astype(np.int64).prod())
        limits.check("expanded_bytes", total, "Bytes of the decoded images")
    if items:
        raise Fault("invalid-dataset", items[0].detail, items)
    return shapes


def _decode(
    images: list[Member], shapes: npt.NDArray[np.int32], scratch: Path, report: Report
) -> Pictures:
    sizes = shapes.astype(np.int64).prod(axis=1)
    values = np.lib.format.open_memmap(
        scratch / "pictures.tmp", mode="w+", dtype=np.uint8, shape=(int(sizes.sum()),)
    )
    start = 0
    for row, image in enumerate(images):
        try:
            pixels = decoded(image.read())
        except ValueError as error:
            raise refusal("unreadable", f"{image.shown}: {error}") from None
        if pixels.shape != tuple(shapes[row]):
            raise refusal("unreadable", f"{image.shown} is not of the size it states.")
        values[start : start + pixels.size] = pixels.reshape(-1)
        start += pixels.size
        if row % 64 == 0:
            report(row, len(images))
    report(len(images), len(images))
    return Pictures(values, shapes)
