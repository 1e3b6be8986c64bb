"""What the encodings of text share: cutting, and a vocabulary of the most frequent pieces."""

import re
import unicodedata
from abc import abstractmethod
from collections import Counter
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text

_WORD = re.compile(r"\w+(?:'\w+)?")
_PERCENTILE = 95
_MOST_AUTOMATIC = 5000

Length = Annotated[
    Annotated[int, Field(ge=1, le=100_000)] | Literal["auto"],
    Field(
        description="numbers of a row: longer texts are cut, shorter ones padded; auto: what the "
        "Input states, else the 95th percentile of the training part's lengths"
    ),
]
Lowercase = Annotated[bool, Field(description="whether upper and lower case are the same")]
Split = Annotated[
    Literal["words", "whitespace"],
    Field(
        description="words: runs of letters and digits, without punctuation; whitespace: what "
        "stands between spaces and line breaks"
    ),
]
Ngrams = Annotated[
    int,
    Field(
        ge=1,
        le=5,
        description="also pieces of up to so many words in a row, after the single words",
    ),
]
MinCount = Annotated[
    int, Field(ge=1, description="how often a piece must occur in the training part to be known")
]


def words(text: str, lowercase: bool = True, split: str = "words", ngrams: int = 1) -> list[str]:
    """The words of a text in their order, and after them its n-grams; in Unicode's NFC."""
    plain = normal(text, lowercase)
    found = plain.split() if split == "whitespace" else _WORD.findall(plain)
    single = list(found)
    for size in range(2, ngrams + 1):
        found += [" ".join(single[start : start + size]) for start in range(len(single) - size + 1)]
    return found


def normal(text: str, lowercase: bool) -> str:
    """A text in NFC, so that one spelling has one form."""
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", composed.lower()) if lowercase else composed


def ranked(counts: Counter[str], most: int, least: int) -> list[str]:
    """The most frequent pieces that occur often enough, ties in alphabetical order."""
    enough = [pair for pair in counts.items() if pair[1] >= least]
    return [piece for piece, _ in sorted(enough, key=lambda pair: (-pair[1], pair[0]))[:most]]


class Sequence(Encoding):
    """Text as a fixed number of integers, one for each piece.

    0 pads, 1 stands for any piece that the vocabulary lacks; with `start_end_tokens` 2 and 3
    stand at the start and the end of every text. A subclass cuts a text into pieces.
    """

    kinds = frozenset({"text", "category"})

    length: Length = 100
    max_tokens: int = Field(
        default=10_000, ge=3, le=1_000_000, description="size of the vocabulary, 0 and 1 included"
    )
    min_count: MinCount = 1
    padding: Literal["post", "pre"] = Field(
        default="post", description="whether zeros stand after the text or before it"
    )
    truncation: Literal["post", "pre"] = Field(
        default="post", description="whether the end or the beginning of a long text is cut off"
    )
    start_end_tokens: bool = Field(
        default=False, description="whether a number marks the start and one the end of a text"
    )
    _words: list[str] = []
    _length: int = 0

    def adopt(self, shape: Shape) -> None:
        """The length that an Input states, where it is `auto`."""
        if self.length == "auto" and len(shape) == 1 and shape[0]:
            self.length = shape[0]

    def complaint(self, column: Column) -> str | None:
        """No room for a text between its marks."""
        if self.start_end_tokens and (self.max_tokens < 5 or self.length in (1, 2)):
            return "With start and end tokens, 'length' is 3 and 'max_tokens' 5 at least."
        return super().complaint(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """`length` integers for each row."""
        del column
        return (None if self.length == "auto" else self.length,), "int32"

    def vocabulary_size(self, column: Column) -> int | None:
        """The size of the vocabulary at most."""
        del column
        return self.max_tokens

    def vocabulary(self) -> dict[int, str] | None:
        """The pieces by their numbers."""
        marks = {2: "[START]", 3: "[END]"} if self.start_end_tokens else {}
        return marks | dict(enumerate(self._words, start=self._first))

    @property
    def other(self) -> int | None:
        """1 stands for every piece that the vocabulary lacks."""
        return 1

    @property
    def _first(self) -> int:
        return 4 if self.start_end_tokens else 2

    @abstractmethod
    def _pieces(self, text: str) -> list[str]:
        """A text cut into the pieces that the vocabulary counts."""

    def fit(self, values: Values, column: Column) -> None:
        """Learn the vocabulary, and the length where it is `auto`."""
        del column
        counts: Counter[str] = Counter()
        lengths = []
        for text in as_text(values):
            pieces = self._pieces(text or "")
            counts.update(pieces)
            lengths.append(len(pieces) + (2 if self.start_end_tokens else 0))
        self._words = ranked(counts, self.max_tokens - self._first, self.min_count)
        if self.length == "auto":
            usual = int(np.ceil(np.percentile(lengths, _PERCENTILE))) if lengths else 1
            self._length = min(_MOST_AUTOMATIC, max(3 if self.start_end_tokens else 1, usual))
        else:
            self._length = self.length

    def transform(self, values: Values) -> Values:
        """`int32[rows, length]`."""
        number = {piece: place for place, piece in enumerate(self._words, start=self._first)}
        out = np.zeros((len(values), self._length), np.int32)
        for row, text in enumerate(as_text(values)):
            found = [number.get(piece, 1) for piece in self._pieces(text or "")]
            found = self._marked(found) if text is not None else found[:0]
            start = self._length - len(found) if self.padding == "pre" else 0
            out[row, start : start + len(found)] = found
        return out

    def _marked(self, found: list[int]) -> list[int]:
        room = self._length - (2 if self.start_end_tokens else 0)
        cut = found[:room] if self.truncation == "post" else found[max(0, len(found) - room) :]
        return [2, *cut, 3] if self.start_end_tokens else cut
