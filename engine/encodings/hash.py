"""Categories of any number, spread over a fixed number of buckets."""

import hashlib
from typing import Literal

import numpy as np
from pydantic import Field

from engine.dataset.schema import Column
from engine.encodings._base import Encoding, Shape, Values, as_text


class Hash(Encoding):
    """Each value falls into one of `buckets` by its hash; several may share one.

    For columns with so many values that no list of them helps: nothing is learned, and values
    never seen before are taken as well. As integers from 1 (0 for missing) for an Embedding with
    `input_dim` of `buckets` + 1, or as one_hot vectors (missing: zeros) for a Dense layer. The
    hash is BLAKE2b with 8 bytes of the text in UTF-8, modulo `buckets`.
    """

    kinds = frozenset({"category", "integer", "boolean", "text"})

    buckets: int = Field(default=1024, ge=1, le=10_000_000, description="how many buckets")
    form: Literal["index", "one_hot"] = Field(
        default="index", description="index: an integer for an Embedding; one_hot: a vector"
    )

    def complaint(self, column: Column) -> str | None:
        """Vectors too long to be held."""
        if self.form == "one_hot" and self.buckets > 100_000:
            return f"Vectors of {self.buckets} are too long; 'form': 'index' takes that many."
        return super().complaint(column)

    def output(self, column: Column) -> tuple[Shape, str]:
        """One integer, or one float for each bucket."""
        del column
        return ((1,), "int32") if self.form == "index" else ((self.buckets,), "float32")

    def vocabulary_size(self, column: Column) -> int | None:
        """The number of buckets, and one for 0."""
        del column
        return self.buckets + 1 if self.form == "index" else None

    def transform(self, values: Values) -> Values:
        """`int32[rows, 1]`, or `float32[rows, buckets]`."""
        texts = as_text(values)
        bucket = {text: 0 if text is None else bucket_of(text, self.buckets) for text in set(texts)}
        numbers = np.array([bucket[text] for text in texts], np.int32)
        if self.form == "index":
            return numbers[:, None]
        encoded = np.zeros((len(numbers), self.buckets), np.float32)
        known = np.flatnonzero(numbers)
        encoded[known, numbers[known] - 1] = 1
        return encoded


def bucket_of(text: str, buckets: int) -> int:
    """The bucket of a text, from 1."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "big") % buckets
