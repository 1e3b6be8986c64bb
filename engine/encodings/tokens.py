"""Text as a fixed number of word numbers."""

import re
from collections import Counter
from typing import Any

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text

_WORD = re.compile(r"\w+(?:'\w+)?")


class Tokens(Encoding):
    """Text cut into lower-case words; each word becomes its number in a vocabulary.

    The vocabulary holds the `max_tokens` - 2 most frequent words of the training part; 0 pads,
    1 stands for any other word. Texts are cut or padded (at the end) to `length`. Goes into an
    Embedding with `input_dim` of at least `max_tokens`, best with `mask_zero`.
    """

    kinds = frozenset({"text", "category"})

    def __init__(self, length: int = 100, max_tokens: int = 10_000) -> None:
        for name, value, least in (("length", length, 1), ("max_tokens", max_tokens, 3)):
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ValueError(f"{name} must be a whole number of at least {least}")
        self.length, self.max_tokens = length, max_tokens
        self.words: list[str] = []

    def arguments(self) -> dict[str, Any]:
        """Length of a row and size of the vocabulary."""
        return {"length": self.length, "max_tokens": self.max_tokens}

    def output(self, column: Column) -> tuple[Shape, str]:
        """`length` integers per row."""
        del column
        return (self.length,), "int32"

    def vocabulary_size(self, column: Column) -> int | None:
        """The size of the vocabulary at most."""
        del column
        return self.max_tokens

    def fit(self, values: Values, column: Column) -> None:
        """Learn the vocabulary: most frequent first, ties in alphabetical order."""
        del column
        counts: Counter[str] = Counter()
        for text in as_text(values):
            counts.update(words(text or ""))
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        self.words = [word for word, _ in ranked[: self.max_tokens - 2]]

    def transform(self, values: Values) -> Values:
        """`int32[rows, length]`."""
        number = {word: place for place, word in enumerate(self.words, start=2)}
        out = np.zeros((len(values), self.length), np.int32)
        for row, text in enumerate(as_text(values)):
            found = [number.get(word, 1) for word in words(text or "")[: self.length]]
            out[row, : len(found)] = found
        return out

    def state(self) -> dict[str, Any]:
        """The vocabulary, most frequent word first."""
        return {"words": self.words}

    def restore(self, state: dict[str, Any]) -> None:
        """Take over the vocabulary."""
        self.words = list(state["words"])


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    return _WORD.findall(text.lower())
