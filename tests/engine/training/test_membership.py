"""The table that tells which row was trained on."""

from pathlib import Path

import polars as pl

from engine.training.membership import write_membership
from engine.training.parts import divide
from tests.engine.training import _job
from tests.engine.training.test_parts import other, request, table


def test_every_row_stands_in_one_part(tmp_path: Path) -> None:
    made = request()
    made["data"] |= {"split": {"by": "random", "validation": 0.25, "seed": 3}, "test": "ds_t"}
    told = _job.payload(
        table(tmp_path / "a", 40), made, tmp_path, test_data=other(table(tmp_path / "b", 6))
    )
    division = divide(told, ["y"])
    found = pl.read_parquet(write_membership(tmp_path, division, made))
    main = found.filter(pl.col("dataset") == "ds_x")
    assert sorted(main["row"]) == list(range(40))
    rows = main.filter(pl.col("part") == "validation")["row"].to_list()
    # The algorithm is part of the contract: a change of it would move rows of stored jobs.
    assert rows == [2, 3, 11, 12, 17, 20, 23, 30, 32, 33]
    apart = found.filter(pl.col("dataset") == "ds_t")
    assert apart["part"].to_list() == ["test"] * 6
