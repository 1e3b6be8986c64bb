"""Columns whose texts list labels: tags, topics, genres, with a separator between them."""

from typing import TYPE_CHECKING

from engine.dataset.inference import few
from engine.dataset.schema import MOST_CATEGORIES

if TYPE_CHECKING:
    import polars as pl

JOINT = "|"
"""What stands between labels that came as a list."""
_SEPARATORS = (JOINT, ";", ",")
_GLANCE = 1000
_LONGEST = 50
_LEAST_SHARE = 0.05


def joined(present: "pl.Series", listed: bool = False) -> tuple[str, list[str]] | None:
    """The separator and the distinct labels of texts, where they look like lists of labels.

    They do when some texts have a separator and what stands between is short and repeats, or when
    they came as lists (`listed`).
    """
    if listed:
        labels = _pieces(present, JOINT)
        return (JOINT, labels) if 0 < len(labels) <= 10 * MOST_CATEGORIES else None
    most = min(MOST_CATEGORIES, few(len(present)))
    for separator in _SEPARATORS:
        glance = present.head(_GLANCE)
        if int(glance.str.contains(separator, literal=True).sum()) <= _LEAST_SHARE * len(glance):
            continue
        labels = _pieces(glance, separator)
        if len(labels) <= most:
            labels = _pieces(present, separator)
        if 1 < len(labels) <= most and max(map(len, labels)) <= _LONGEST:
            return separator, labels
    return None


def _pieces(texts: "pl.Series", separator: str) -> list[str]:
    found = texts.str.split(separator).explode().str.strip_chars()
    return [str(label) for label in found.unique().drop_nulls().sort().to_list() if label]
