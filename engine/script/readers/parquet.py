"""Parquet files."""

from engine.encodings._base import Values
from engine.script.readers._frame import nested, series_values

NEEDS = (nested, series_values)
CALL = "read_parquet(path, COLUMNS)"
PACKAGES = ("Polars",)


def read_parquet(path: str, columns: dict[str, tuple[int, str]]) -> dict[str, Values]:
    """The columns of a Parquet file."""
    import polars as pl

    frame = pl.read_parquet(path, glob=False)
    return {name: series_values(frame[name], kind) for name, (_, kind) in columns.items()}
