"""Texts as numbers of words."""

from functools import partial
from typing import Any

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings._texts import normal, words
from engine.encodings.tokens import Tokens
from engine.script.pieces._texts import learned, sequence

NEEDS = (_absent, missing, spell, as_text, normal, words, sequence)


def tokens(values: Values, lowercase: bool, split: str, ngrams: int, **known: Any) -> Values:
    """int32[rows, length]: the words of each text by their numbers."""
    return sequence(
        values, partial(words, lowercase=lowercase, split=split, ngrams=ngrams), **known
    )


def arguments(encoding: Tokens) -> dict[str, Any]:
    """How texts are cut, and the vocabulary."""
    return {
        "lowercase": encoding.lowercase,
        "split": encoding.split,
        "ngrams": encoding.ngrams,
        **learned(encoding),
    }
