"""Text files in class folders, in a ZIP or TAR archive."""

import io
import zipfile
from pathlib import Path

from engine.dataset.content import Content
from engine.dataset.limits import Limits, refusal
from engine.faults import Fault, Item
from engine.formats._archive import Member, holds_pictures, is_archive, members
from engine.formats._base import Format, Report
from engine.formats._encoding import decoded
from engine.formats._folders import MOST_ITEMS, in_classes


class TextFolder(Format):
    """A ZIP or TAR archive (tar, tar.gz, tar.zst) with one folder per class and text files in them.

    Gives the columns `text`, the whole of each file, and `label`, the name of the folder that
    holds it. Texts may be in UTF-8, UTF-16 or Windows-1252; broken characters are replaced and
    counted. Hidden files and `__MACOSX` are skipped.
    """

    extensions = frozenset({".zip", ".tar"})

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """An archive whose files are no images."""
        return is_archive(head) and not holds_pictures(path)

    @classmethod
    def read(cls, path: Path, limits: Limits, scratch: Path, report: Report) -> Content:
        """Read each file."""
        del scratch
        import polars as pl

        with members(path, limits) as found:
            files, notes = in_classes(found, "texts")
            limits.check("rows", len(files), "Texts")
            texts, broken = _texts(files, limits, report)
        if broken:
            notes.append(f"{broken:,} broken characters were replaced by \ufffd.")
        labels = [file.path.parent.name for file in files]
        table = pl.DataFrame({"text": texts, "label": labels})
        roles = {"text": "text", "label": "label"}
        return Content(["text", "label"], table, roles=roles, notes=notes)

    @classmethod
    def example(cls) -> bytes:
        """Four texts in two classes."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for number, word in enumerate(("good", "bad", "fine", "poor")):
                folder = ("positive", "negative")[number % 2]
                archive.writestr(f"{folder}/{number}.txt", f"a {word} thing\n")
        return buffer.getvalue()


def _texts(files: list[Member], limits: Limits, report: Report) -> tuple[list[str], int]:
    """What the files say, and how many characters of them are broken."""
    texts: list[str] = []
    items: list[Item] = []
    broken = 0
    for done, file in enumerate(files, start=1):
        limits.check("cell_bytes", file.size, f"Bytes of {file.shown}")
        found = decoded(file.read())
        if found is None:
            items.append(Item("", "unreadable", f"{file.shown} is no text."))
            if len(items) >= MOST_ITEMS:
                break
            continue
        texts.append(found[0].strip())
        broken += found[1]
        if done % 256 == 0:
            report(done, len(files))
    if items:
        raise Fault("invalid-dataset", items[0].detail, items)
    if not any(texts):
        raise refusal("empty", "All texts are empty.")
    report(len(files), len(files))
    return texts, broken
