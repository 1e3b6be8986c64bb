"""Curves as CSV, in the form of Keras's CSVLogger: `epoch`, then the keys in alphabetical order."""

import csv
import io
from typing import Any, Final

from api.series import Columns

MEDIA: Final = "text/csv"
_WORDS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
_MISSING = "NA"


def write(found: Columns, axis: str = "epoch") -> str:
    """The text; a value that was not finite as Python writes it, a missing one as NA."""
    words = {(entry["key"], entry["index"]): entry["value"] for entry in found.nonfinite}
    keys = sorted(found.values)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([axis, *keys])
    for index, x in enumerate(found.x):
        writer.writerow(
            [x, *(_cell(found.values[key][index], words.get((key, index))) for key in keys)]
        )
    return text.getvalue()


def _cell(value: float | None, word: str | None) -> Any:
    if value is not None:
        return value
    return _WORDS[word] if word is not None else _MISSING
