"""What the pieces of texts share."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, as_text
from engine.encodings._texts import Sequence


def sequence(
    values: Values, cut: Any, vocabulary: list[str], length: int, pre: bool, late: bool, marks: bool
) -> Values:
    """int32[rows, length]: the number of each piece; 0 pads, 1 is any piece that is not known.

    `pre` puts the zeros before the text, `late` keeps the end of a long one, `marks` puts 2 at
    its start and 3 at its end.
    """
    number = {piece: place for place, piece in enumerate(vocabulary, 4 if marks else 2)}
    room = length - (2 if marks else 0)
    out = np.zeros((len(values), length), np.int32)
    for row, text in enumerate(as_text(values)):
        if text is not None:
            found = [number.get(piece, 1) for piece in cut(text)]
            found = found[max(0, len(found) - room) :] if late else found[:room]
            found = [2, *found, 3] if marks else found
            start = length - len(found) if pre else 0
            out[row, start : start + len(found)] = found
    return out


def learned(encoding: Sequence) -> dict[str, Any]:
    """The arguments of `sequence`."""
    state = encoding.state()
    return {
        "vocabulary": state["words"],
        "length": state["length"],
        "pre": encoding.padding == "pre",
        "late": encoding.truncation == "pre",
        "marks": encoding.start_end_tokens,
    }
