"""Texts as numbers of characters."""

from typing import Any

from engine.encodings._base import Values, _absent, as_text, missing, spell
from engine.encodings._texts import normal
from engine.encodings.characters import Characters
from engine.script.pieces._texts import learned, sequence

NEEDS = (_absent, missing, spell, as_text, normal, sequence)


def characters(values: Values, lowercase: bool, **known: Any) -> Values:
    """int32[rows, length]: the characters of each text by their numbers."""
    return sequence(values, lambda text: list(normal(text, lowercase)), **known)


def arguments(encoding: Characters) -> dict[str, Any]:
    """Whether case counts, and the vocabulary."""
    return {"lowercase": encoding.lowercase, **learned(encoding)}
