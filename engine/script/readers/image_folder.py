"""Images in class folders, or beside a table of labels."""

import io
from typing import Any

import numpy as np

from engine.encodings._base import Values
from engine.formats._picture import eight_bit, mode_of, pixels_of
from engine.script.readers._archive import archive_files
from engine.script.readers._words import typed

CALL = "read_image_folder(path, COLUMNS, ABSENT)"
PACKAGES = ("Pillow",)


def read_image_folder(
    path: str, columns: dict[str, tuple[int, str]], absent: set[str]
) -> dict[str, Values]:
    """The images of an archive as uint8[height, width, channels], and the folder of each, or what
    the table in the archive says of it.
    """
    from PIL import Image

    files = archive_files(path)
    tables = [name for name in files if name.suffix.lower() in (".csv", ".tsv")]
    found = {}
    if tables:
        rows = rows_of_images(files, tables[0])
        for name, (place, kind) in columns.items():
            if name != "image":
                words = [row[place - 1] for row in rows.values()]
                found[name] = typed([None if word in absent else word for word in words], kind)
        files = {name: files[name] for name in rows}
    else:
        found["label"] = np.array([name.parent.name for name in files], object)
    found["image"] = np.empty(len(files), object)
    for number, data in enumerate(files.values()):
        with Image.open(io.BytesIO(data)) as picture:
            found["image"][number] = pixels_of(picture)
    return {name: found[name] for name in columns}


def rows_of_images(files: dict[Any, bytes], table: Any) -> dict[Any, list[str]]:
    """The images that a table names, in order, each with its row without the cell of the name.

    That cell is the one in whose column most images are named.
    """
    import csv

    text = files[table].decode("utf-8-sig")
    first = text.splitlines()[0]
    mark = max(",;\t|", key=lambda one: len(next(csv.reader([first], delimiter=one))))
    lines = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark) if any(row)]
    width = max(map(len, lines))
    rows = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in lines]
    plain = [[cell.replace("\\", "/").removeprefix("./") for cell in row] for row in rows]
    named = [dict(zip(column, rows, strict=True)) for column in zip(*plain, strict=True)]
    most: dict[Any, list[str]] = {}
    for way in ways_to_name([name for name in files if name != table], table.parent):
        for place, known in enumerate(named):
            kept = {name: known[word] for name, word in way.items() if word in known}
            if len(kept) > len(most):
                most = {name: row[:place] + row[place + 1 :] for name, row in kept.items()}
    return most


def ways_to_name(images: list[Any], folder: Any) -> list[dict[Any, str]]:
    """How a table in `folder` may name images: by path, by path from there, or by name, with or
    without its ending.
    """
    return [
        {name: str(name) for name in images},
        {name: str(name.relative_to(folder)) for name in images if name.is_relative_to(folder)},
        {name: name.name for name in images},
        {name: name.stem for name in images},
    ]


NEEDS = (archive_files, typed, eight_bit, mode_of, pixels_of, ways_to_name, rows_of_images)
