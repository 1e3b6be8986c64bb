"""Images in class folders."""

import io

import numpy as np

from engine.encodings._base import Values
from engine.formats._picture import eight_bit, mode_of, pixels_of
from engine.script.readers._archive import archive_files

NEEDS = (archive_files, eight_bit, mode_of, pixels_of)
CALL = "read_image_folder(path, COLUMNS)"
PACKAGES = ("Pillow",)


def read_image_folder(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The images of an archive as uint8[height, width, channels], and the folder of each."""
    from PIL import Image

    files = archive_files(path)
    if any(name.suffix.lower() in (".csv", ".tsv") for name in files):
        raise ValueError("the images stand beside a table of labels, which this script cannot read")
    pictures = np.empty(len(files), object)
    for row, data in enumerate(files.values()):
        with Image.open(io.BytesIO(data)) as picture:
            pictures[row] = pixels_of(picture)
    found = {"image": pictures, "label": np.array([name.parent.name for name in files], object)}
    return {name: found[name] for name in columns}
