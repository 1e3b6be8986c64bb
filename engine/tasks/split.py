"""The task `split`: which row belongs to which part, in the form that a client wants."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.faults import Fault
from engine.port import Port

if TYPE_CHECKING:
    import polars as pl

PARTS = ("training", "validation", "test")
_MOST_JSON = 1_000_000


def run(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Write the table `path` to `out` as `form`; `{"rows"}`.

    Forms: `json` (row numbers and dataset by part, with the members of `told` beside them), `csv`
    (dataset, row, part), `npy` (`int64[rows, 2]`: row, and the part as 1 training, 2 validation,
    3 test). Raises Fault("too-large") for more rows than JSON should carry.
    """
    import polars as pl  # starts threads, which must not be before a child is forked

    table = pl.read_parquet(payload["path"])
    FORMS[payload["form"]](Path(payload["out"]), table, payload["told"])
    return {"rows": table.height}


def _json(path: Path, table: "pl.DataFrame", told: dict[str, Any]) -> None:
    if table.height > _MOST_JSON:
        detail = f"{table.height} rows are too many for JSON; ask for format=parquet, npy or csv."
        raise Fault("too-large", detail)
    import polars as pl

    parts = {}
    for part in PARTS:
        rows = table.filter(pl.col("part") == part)
        dataset = rows["dataset"][0] if rows.height else None
        parts[part] = {"dataset": dataset, "count": rows.height, "rows": rows["row"].to_list()}
    path.write_bytes(json.dumps({**told, "parts": parts}).encode())


def _csv(path: Path, table: "pl.DataFrame", told: dict[str, Any]) -> None:
    del told
    table.write_csv(path)


def _npy(path: Path, table: "pl.DataFrame", told: dict[str, Any]) -> None:
    import polars as pl

    del told
    numbers = table["part"].replace_strict(PARTS, range(1, len(PARTS) + 1), return_dtype=pl.Int64)
    with path.open("wb") as file:
        np.save(file, np.stack([table["row"].to_numpy(), numbers.to_numpy()], axis=1))


FORMS: dict[str, Callable[[Path, "pl.DataFrame", dict[str, Any]], None]] = {
    "json": _json,
    "csv": _csv,
    "npy": _npy,
}
