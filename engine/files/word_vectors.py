"""Word vectors as text: a word and its numbers on each line."""

import gzip
import math
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from engine.dataset.limits import Limits, damaged, refusal
from engine.files._base import Description, Form

_GZIP = b"\x1f\x8b"
_LINE_BYTES = 1 << 20
_LEAST_DIMENSION = 2
_SHOWN = 50


class WordVectors(Form):
    """GloVe's form, or word2vec's with a first line of `words dimension`; plain or gzip, UTF-8.

    Numbers are separated by single spaces (https://nlp.stanford.edu/projects/glove/,
    https://code.google.com/archive/p/word2vec/). A word that occurs again is passed over: the
    first one counts. Kept as `words.txt` and `vectors.npy` (float32[words, dimension]); described
    as `{"words", "dimension", "repeated"}`.
    """

    @classmethod
    def recognises(cls, path: Path, head: bytes) -> bool:
        """By the first line: a word and numbers, or two whole numbers."""
        del head
        try:
            with _opened(path) as file:
                parts = file.readline(_LINE_BYTES).decode("utf-8").split()
        except (OSError, EOFError, zlib.error, UnicodeDecodeError):
            return False
        if len(parts) == 2 and all(part.isdigit() for part in parts):
            return True
        return len(parts) > _LEAST_DIMENSION and all(map(_is_number, parts[1:]))

    @classmethod
    def read(cls, path: Path, limits: Limits, out: Path) -> Description:
        """Line by line; the numbers go to disk as they come."""
        raw = out / "vectors.raw"
        known: set[str] = set()
        dimension, repeated = 0, 0
        with raw.open("wb") as numbers, (out / "words.txt").open("w", encoding="utf-8") as words:
            for number, word, vector in _lines(path, limits):
                dimension = dimension or len(vector)
                if len(vector) != dimension:
                    raise refusal(
                        "unreadable",
                        f"Line {number} has {len(vector)} numbers, those before it {dimension}.",
                    )
                if word in known:
                    repeated += 1
                    continue
                known.add(word)
                limits.check("rows", len(known), "Words")
                words.write(f"{word}\n")
                numbers.write(vector.tobytes())
        if not known:
            raise refusal("empty", "The file holds no word.")
        mapped = np.memmap(raw, np.float32, "r", shape=(len(known), dimension))
        np.save(out / "vectors.npy", mapped, allow_pickle=False)
        raw.unlink()
        return {"words": len(known), "dimension": dimension, "repeated": repeated}

    @classmethod
    def example(cls) -> bytes:
        """Three words in four dimensions."""
        return b"the 0.1 0.2 0.3 0.4\ngood 1 0 0 0\nbad -1 0 0 0\n"


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as plain:
        packed = plain.read(len(_GZIP)) == _GZIP
        plain.seek(0)
        if not packed:
            yield plain
            return
        with gzip.GzipFile(fileobj=plain) as file:
            yield file  # type: ignore[misc]


def _lines(
    path: Path, limits: Limits
) -> Iterator[tuple[int, str, "np.typing.NDArray[np.float32]"]]:
    """Number, word and vector of each line; a first line of two whole numbers is a header."""
    read = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(iter(lambda: file.readline(_LINE_BYTES), b""), start=1):
                read += len(line)
                limits.check("expanded_bytes", read, "Bytes unpacked")
                if len(line) == _LINE_BYTES:
                    raise refusal("too-large", f"Line {number} is longer than {_LINE_BYTES} bytes.")
                text = _text(line, number)
                header = number == 1 and len(text.split()) == 2
                if text and not (header and all(part.isdigit() for part in text.split())):
                    yield number, *_parsed(text, number)
    except (OSError, EOFError, zlib.error) as error:
        raise damaged("The archive is damaged", error) from None


def _text(line: bytes, number: int) -> str:
    try:
        return line.decode("utf-8").rstrip("\r\n ")
    except UnicodeDecodeError:
        raise refusal("unreadable", f"Line {number} is not UTF-8.") from None


def _parsed(text: str, number: int) -> tuple[str, "np.typing.NDArray[np.float32]"]:
    word, _, rest = text.partition(" ")
    try:
        vector = np.array(rest.split(" "), dtype=np.float32)
    except ValueError:
        shown = text[:_SHOWN]
        detail = f"Line {number} is no word with numbers after it: {shown!r}."
        raise refusal("unreadable", detail) from None
    if not word or not math.isfinite(float(np.abs(vector).sum())):
        raise refusal("unreadable", f"Line {number} holds NaN, infinity, or no word.")
    return word, vector


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
