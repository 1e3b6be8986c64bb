"""Which row was trained on and which was held out, as a table that outlives the training."""

from pathlib import Path
from typing import Any

from engine.training.checkpoint import sync
from engine.training.parts import Division

FILE = "split.parquet"


def write_membership(out: Path, division: Division, request: dict[str, Any]) -> Path:
    """Write `split.parquet`: dataset, row (counted from 0) and part; part by part, rows in order.

    Of windows, the row is the one that a sample predicts. Rows of no part are left out.
    """
    import polars as pl  # starts threads, which must not be before a child is forked

    main = str(request["data"].get("dataset") or "")
    tables = []
    for part, source in division.parts.items():
        own = request["data"].get(part) if part != "training" else None
        rows = pl.DataFrame({"row": pl.Series(source.rows, dtype=pl.Int64)}).sort("row")
        tables.append(
            rows.select(pl.lit(own or main).alias("dataset"), "row", pl.lit(part).alias("part"))
        )
    path = out / FILE
    pl.concat(tables).write_parquet(path, compression="zstd")
    sync(path)
    return path
