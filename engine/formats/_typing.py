"""Large text tables on disk: cells are given types while they stream from CSV to Parquet."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.dataset.inference import Guess, guess, readings
from engine.dataset.limits import Limits
from engine.dataset.reading import BLANK, NUMBER, TEXT, Reading, convert
from engine.formats._dialect import Dialect

if TYPE_CHECKING:
    import polars as pl

    Work = Callable[[pl.Series], pl.Series]
    Scan = Callable[[set[str]], pl.LazyFrame]

# No name of a column holds NUL: such text is refused before.
_VALUE, _EMPTY = "\0value ", "\0empty"
_SAMPLE_CELLS = 200_000
_SAMPLE_ROWS = 10_000


class _Misfit(Exception):
    """A word that the first rows did not let expect."""


class Typing:
    """One text table on its way to a Parquet file with types.

    `scan` gives it with all cells as text but for the columns named, which are floats.
    The types are guessed from the first rows. Should a word further down not fit, the columns are
    looked through once more for the first reading that fits every word; so the result is the same
    as if all rows had been looked at first.
    """

    def __init__(self, scan: "Scan", found: Dialect, limits: Limits) -> None:
        self._scan = scan
        self._lazy = scan(set())
        self._names = found.names
        self._limits = limits
        self._among = readings(found.delimiter)
        self._counts: list[int] = []
        self._troubles: list[Exception] = []
        self.guesses: dict[str, Guess] = {}

    @property
    def rows(self) -> int:
        """The number of rows of the text, empty ones included."""
        return sum(self._counts)

    def write(self, path: Path) -> None:
        """Write the Parquet file, without the rows that have no cell at all.

        In a table of one column an empty line is a missing value. Raises polars' own errors for
        what cannot be taken apart, and Fault where limits are passed.
        """
        rows = max(100, min(_SAMPLE_ROWS, _SAMPLE_CELLS // len(self._names)))
        sample = self._lazy.head(rows).collect()
        self.guesses = {series.name: guess(series, self._among) for series in sample}
        if self._sink(path, self._plain(sample)):
            return
        if not self._sink(path, set()):
            self._guess_again()
            self._sink(path, set())

    def _plain(self, sample: "pl.DataFrame") -> set[str]:
        """The columns that polars can read by itself, several times as fast."""
        from polars import selectors

        read = sample.select(
            found.reading.plain(selectors.by_name(name).as_expr()).alias(name)
            for name, found in self.guesses.items()
            if found.reading.plain
        )
        return {
            name
            for name in read.columns
            if self.guesses[name].reading is TEXT
            or read[name].null_count() == sample[name].null_count()
        }

    def _sink(self, path: Path, plain: set[str]) -> bool:
        """Write with the readings guessed so far; False when a word does not fit."""
        self._counts, self._troubles = [], []
        lazy = self._scan({name for name in plain if self.guesses[name].reading is NUMBER})
        try:
            self._typed(lazy, plain).sink_parquet(path, compression="zstd")
        except Exception:
            for trouble in self._troubles:
                if isinstance(trouble, _Misfit):
                    return False
                raise trouble from None
            if plain:
                return False
            raise
        return True

    def _typed(self, lazy: "pl.LazyFrame", plain: set[str]) -> "pl.LazyFrame":
        """The rows that have a cell, with the values of all columns instead of their words."""
        import polars as pl
        import polars.selectors as cs

        def column(*names: str) -> pl.Expr:
            return cs.by_name(*names).as_expr()

        values, checks = {}, [self._empty(column(*self._names).is_null())]
        for name, found in self.guesses.items():
            words, reading = column(name), found.reading
            if name not in plain or not reading.plain:
                work = partial(self._convert, name, reading)
                values[name] = self._mapped(words, work, reading.type)
            elif reading is NUMBER:
                values[name] = words.fill_nan(None)
            else:
                values[name] = reading.plain(words)
                misfit = column(_VALUE + name).is_null() & words.is_not_null()
                checks.append((words.str.len_bytes() if reading is TEXT else misfit).alias(name))
        kept = self._mapped(pl.struct(checks), self._look, pl.Boolean)
        lazy = lazy.with_columns(value.alias(_VALUE + name) for name, value in values.items())
        return lazy.filter(kept).select(column(_VALUE + name).alias(name) for name in values)

    def _empty(self, absent: "pl.Expr") -> "pl.Expr":
        import polars as pl

        empty = pl.all_horizontal(absent) if len(self._names) > 1 else pl.lit(value=False)
        return empty.alias(_EMPTY)

    def _mapped(self, words: "pl.Expr", work: "Work", type: Any) -> "pl.Expr":
        """A column through a function; polars hides the function's errors, so they are kept."""

        def run(words: "pl.Series") -> "pl.Series":
            try:
                return work(words.alias("value"))  # its name may be a pattern to its own methods
            except Exception as error:
                self._troubles.append(error)
                raise

        return words.map_batches(run, return_dtype=type, is_elementwise=True)

    def _look(self, checks: "pl.Series") -> "pl.Series":
        """Count rows, and see whether a plain column holds a long cell or a word that misfits."""
        import polars as pl

        self._counts.append(len(checks))
        self._limits.check("rows", self.rows, "Rows")
        empty, *plain = zip(checks.struct.fields, checks.struct.unnest(), strict=True)
        for name, values in plain:
            found = values.alias("value")
            if found.dtype != pl.Boolean:
                longest = int(str(found.max() or 0))
                self._limits.check("cell_bytes", longest, f"Bytes in a cell of {name!r}")
            elif found.any():
                raise _Misfit(name)
        return ~empty[1]

    def _convert(self, name: str, reading: Reading, words: "pl.Series") -> "pl.Series":
        longest = int(str(words.str.len_bytes().max() or 0))
        self._limits.check("cell_bytes", longest, f"Bytes in a cell of {name!r}")
        values, unread = convert(words, reading)
        if len(unread):
            raise _Misfit(name)
        return values

    def _guess_again(self) -> None:
        """Look through all rows of all columns that are not text."""
        import polars as pl
        import polars.selectors as cs

        searches = {
            name: Search(self._among[self._among.index(found.reading) :])
            for name, found in self.guesses.items()
            if found.reading is not TEXT
        }
        self._lazy.select(
            cs.by_name(name)
            .as_expr()
            .map_batches(search.look, return_dtype=pl.Int8, is_elementwise=True)
            .sum()
            for name, search in searches.items()
        ).collect(engine="streaming")
        self.guesses |= {name: search.found() for name, search in searches.items()}


class Search:
    """Finds the first reading that fits every word of a column, batch by batch.

    Batches come from several threads; what they share only ever grows.
    """

    def __init__(self, among: tuple[Reading, ...]) -> None:
        self._among = among
        self._unfit: set[str] = set()
        self._present: list[int] = []
        self._unread: list[int] = []
        self._examples: list[str] = []

    def look(self, words: "pl.Series") -> "pl.Series":
        """Strike the readings that do not fit this batch. The values of the result say nothing."""
        import polars as pl

        words = words.alias("value")
        first = self._among[0]
        unread = convert(words, first)[1]
        self._present.append(len(words) - words.null_count())
        self._unread.append(len(unread))
        self._examples += unread.head(3).to_list() if len(self._examples) < 3 else []
        for reading in self._among:
            if reading.name not in self._unfit and len(convert(words, reading)[1]):
                self._unfit.add(reading.name)
        return pl.zeros(len(words), dtype=pl.Int8, eager=True)

    def found(self) -> Guess:
        """What the column is."""
        first = self._among[0]
        mostly = first is not BLANK and sum(self._unread) <= 0.1 * sum(self._present)
        fits = next(reading for reading in self._among if reading.name not in self._unfit)
        return Guess(fits, first if mostly else None, self._examples[:3])
