"""Statistics of columns of text."""

from typing import TYPE_CHECKING, Any

from .histogram import drawn, histogram

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 100_000
_WORDS_SAMPLE = 20_000
_MOST_CHARACTERS = 2000
_TOP = 20
_MOST_WORD = 60


def texts(present: "pl.Series", *, words: bool = True) -> dict[str, Any]:
    """Lengths in characters and words, and the most frequent words.

    A word is a run of letters, digits and underscores, in lower case; of long texts the first
    2,000 characters are looked through for them. `empty` counts texts of nothing but spaces.
    """
    import polars as pl

    every = present.cast(pl.String)
    sample = drawn(every, _SAMPLE)
    found: dict[str, Any] = {
        "empty": int((every.str.strip_chars().str.len_bytes() == 0).sum()),
        "characters": _lengths(sample.str.len_chars()),
        "sampled_rows": len(sample) if len(sample) < len(every) else None,
    }
    if words:
        found["words"] = _lengths(sample.str.count_matches(r"\w+"))
        found["top_words"] = _top_words(drawn(sample, _WORDS_SAMPLE))
    return found


def _lengths(lengths: "pl.Series") -> dict[str, Any]:
    values = lengths.to_numpy()
    return {
        "minimum": int(values.min()),
        "maximum": int(values.max()),
        "mean": round(float(values.mean()), 3),
        "histogram": histogram(values.astype(float)),
    }


def _top_words(sample: "pl.Series") -> list[dict[str, Any]]:
    short = sample.str.slice(0, _MOST_CHARACTERS).str.to_lowercase()
    every = short.str.extract_all(r"\w+").explode(empty_as_null=True).drop_nulls()
    if not len(every):
        return []
    counts = every.rename("value").value_counts(sort=True).head(_TOP)
    return [{"value": word[:_MOST_WORD], "count": int(count)} for word, count in counts.iter_rows()]
