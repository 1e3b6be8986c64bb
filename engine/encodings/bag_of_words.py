"""Text as one number for each word of a vocabulary, without their order."""

from collections import Counter
from typing import Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text
from engine.encodings._texts import Lowercase, MinCount, Ngrams, Split, ranked, words


class BagOfWords(Encoding):
    """A text becomes one number for each of the `max_tokens` most frequent words of the training
    part: whether it has the word, how often, or how telling that is.

    What Dense layers take. The order of the words is lost; `ngrams` keeps a little of it.
    `tf_idf` is the count times log((1 + n) / (1 + d)) + 1, for n texts of which d have the word,
    each text then scaled to length 1 (G. Salton and C. Buckley, "Term-weighting approaches in
    automatic text retrieval", 1988, with the smoothing of scikit-learn).
    """

    kinds = frozenset({"text", "category"})

    max_tokens: int = Field(
        default=1000, ge=1, le=100_000, description="how many words have a number"
    )
    mode: Literal["multi_hot", "count", "tf_idf"] = Field(
        default="multi_hot", description="1 for a word that occurs; how often; or tf-idf"
    )
    min_count: MinCount = 1
    lowercase: Lowercase = True
    split: Split = "words"
    ngrams: Ngrams = 1
    _words: list[str] = []
    _weights: list[float] = []

    def output(self, column: Column) -> tuple[Shape, str]:
        """One float for each word."""
        del column
        return (self.max_tokens,), "float32"

    def fit(self, values: Values, column: Column) -> None:
        """Learn the words, and for tf-idf how many texts have each."""
        del column
        counts: Counter[str] = Counter()
        texts: Counter[str] = Counter()
        for text in as_text(values):
            found = self._found(text)
            counts.update(found)
            texts.update(found.keys())
        self._words = ranked(counts, self.max_tokens, self.min_count)
        if self.mode == "tf_idf":
            total = 1 + len(values)
            self._weights = [float(np.log(total / (1 + texts[word])) + 1) for word in self._words]

    def transform(self, values: Values) -> Values:
        """`float32[rows, max_tokens]`."""
        place = {word: number for number, word in enumerate(self._words)}
        out = np.zeros((len(values), self.max_tokens), np.float32)
        for row, text in enumerate(as_text(values)):
            for word, count in self._found(text).items():
                if word in place:
                    out[row, place[word]] = 1 if self.mode == "multi_hot" else count
        return self._weighed(out) if self.mode == "tf_idf" else out

    def _weighed(self, counts: Values) -> Values:
        counts[:, : len(self._weights)] *= np.array(self._weights, np.float32)
        lengths = np.sqrt(np.square(counts).sum(axis=1, keepdims=True))
        return np.asarray(counts / np.where(lengths > 0, lengths, 1))

    def _found(self, text: str | None) -> Counter[str]:
        return Counter(words(text or "", self.lowercase, self.split, self.ngrams))
