"""Handwritten digits."""

import io
import zipfile

from api.samples._base import DATA, Sample

SIDE = 8
"""Height and width of a digit in pixels."""
ACROSS = 40
"""Digits in a line of the sheet."""


class Digits(Sample):
    """Pictures in class folders; kept as one sheet, which is a tenth of their size."""

    title = "Handwritten digits"
    summary = "Pictures: which digit was written, on 8 × 8 grey pixels."
    filename = "digits.zip"
    rows = 1797
    target = "label"
    source = "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits (1998), test part"
    licence = "CC-BY-4.0"

    @classmethod
    def content(cls) -> bytes:
        """A ZIP of PNGs, a folder for each digit."""
        from PIL import Image

        labels = (DATA / "digits.txt").read_text().strip()
        file = io.BytesIO()
        with Image.open(DATA / "digits.png") as sheet, zipfile.ZipFile(file, "w") as archive:
            sheet.load()
            for number, label in enumerate(labels):
                left, top = number % ACROSS * SIDE, number // ACROSS * SIDE
                digit = io.BytesIO()
                sheet.crop((left, top, left + SIDE, top + SIDE)).save(digit, "PNG")
                # Without a time of its own, so that the bytes are always the same.
                entry = zipfile.ZipInfo(f"{label}/{number:04}.png")
                archive.writestr(entry, digit.getvalue())
        return file.getvalue()
