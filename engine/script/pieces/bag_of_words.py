"""Texts as a number for each word."""

from typing import Any

import numpy as np

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings._texts import normal, words
from engine.encodings.bag_of_words import BagOfWords

NEEDS = (_absent, missing, spell, as_text, normal, words)


def bag_of_words(
    values: Values,
    vocabulary: list[str],
    width: int,
    mode: str,
    weights: list[float],
    cut: tuple[bool, str, int],
) -> Values:
    """float32[rows, width]: 1 for a word that occurs, how often it does, or its tf-idf."""
    place = {word: number for number, word in enumerate(vocabulary)}
    out: Values = np.zeros((len(values), width), np.float32)
    for row, text in enumerate(as_text(values)):
        for word in words(text or "", *cut):
            if word in place:
                out[row, place[word]] = 1 if mode == "multi_hot" else out[row, place[word]] + 1
    if mode == "tf_idf":
        out[:, : len(weights)] *= np.array(weights, np.float32)
        lengths = np.sqrt(np.square(out).sum(axis=1, keepdims=True))
        out = out / np.where(lengths > 0, lengths, 1)
    return out


def arguments(encoding: BagOfWords) -> dict[str, Any]:
    """The vocabulary, the weights of its words, and how texts are cut."""
    state = encoding.state()
    return {
        "vocabulary": state["words"],
        "width": encoding.max_tokens,
        "mode": encoding.mode,
        "weights": state["weights"],
        "cut": (encoding.lowercase, encoding.split, encoding.ngrams),
    }
