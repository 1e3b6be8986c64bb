"""Categories in buckets."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings.hash import Hash, bucket_of

NEEDS = (_absent, missing, spell, as_text, bucket_of)


def hash(values: Values, buckets: int, vectors: bool) -> Values:
    """int32[rows, 1], 0 where missing; or vectors float32[rows, buckets]."""
    bucket = [0 if text is None else bucket_of(text, buckets) for text in as_text(values)]
    numbers = np.array(bucket, np.int32)
    if not vectors:
        return numbers[:, None]
    return np.eye(buckets + 1, dtype=np.float32)[numbers, 1:]


def arguments(encoding: Hash) -> dict[str, Any]:
    """How many buckets, and in which form."""
    return {"buckets": encoding.buckets, "vectors": encoding.form == "one_hot"}
