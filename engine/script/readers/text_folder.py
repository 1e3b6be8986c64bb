"""Texts in class folders."""

import numpy as np

from engine.encodings._base import Values
from engine.script.readers._archive import archive_files

CALL = "read_text_folder(path, COLUMNS)"
PACKAGES = ()


def read_text_folder(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The texts of an archive, and the folder of each."""
    files = archive_files(path)
    found = {
        "text": np.array([text_of(data) for data in files.values()], object),
        "label": np.array([name.parent.name for name in files], object),
    }
    return {name: found[name] for name in columns}


def text_of(data: bytes) -> str:
    """A text in UTF-8, in UTF-16 with its mark, or in Windows-1252."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.strip()


NEEDS = (archive_files, text_of)
