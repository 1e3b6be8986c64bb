"""The statistics of a column in a few words."""

from collections.abc import Iterable

from lamina.schemas.statistics import (
    CategoryStatistics,
    ColumnStatistics,
    DateStatistics,
    Histogram,
    ImageStatistics,
    NumberStatistics,
    TensorStatistics,
    TextStatistics,
)

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 4


def summary(column: ColumnStatistics) -> str:
    """What the values are like, in a line."""
    parts = (
        _category(column.category) if column.category else "",
        _number(column.number) if column.number else "",
        _text(column.text) if column.text else "",
        _date(column.date) if column.date else "",
        _image(column.image) if column.image else "",
        _tensor(column.tensor) if column.tensor else "",
    )
    return next(filter(None, parts), "")


def bars(histogram: Histogram) -> str:
    """A histogram as a row of bars."""
    most = max(histogram.counts, default=0) or 1
    return "".join(_BARS[round(count / most * (len(_BARS) - 1))] for count in histogram.counts)


def _category(found: CategoryStatistics) -> str:
    return _counts((one.value, one.count) for one in found.top[:_SHOWN])


def _number(found: NumberStatistics) -> str:
    if found.histogram is None:
        return ""
    low, middle, high = (
        f"{value or 0:.4g}" for value in (found.minimum, found.mean, found.maximum)
    )
    return f"{low} … {middle} … {high}  {bars(found.histogram)}"


def _text(found: TextStatistics) -> str:
    count = f"{found.words.mean:.0f} words, " if found.words else ""
    top = _counts((one.value, one.count) for one in (found.top_words or [])[:_SHOWN])
    return f"{count}{found.characters.mean:.0f} characters; {top}".rstrip("; ")


def _date(found: DateStatistics) -> str:
    every = f", every {found.step['days']:g} days" if found.step else ""
    return f"{found.minimum} … {found.maximum}{every}"


def _image(found: ImageStatistics) -> str:
    sizes = _counts((f"{one.height}x{one.width}", one.count) for one in found.sizes[:2])
    return f"{sizes}; brightness {found.brightness.mean:.2f}"


def _tensor(found: TensorStatistics) -> str:
    return f"{found.shape} of {found.dtype}"


def _counts(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{value} {count}" for value, count in pairs)
