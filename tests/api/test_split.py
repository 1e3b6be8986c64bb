"""Which row a job put into which part, in every form."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import numpy as np
import polars as pl
import pytest

from lamina import Client
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Running

PARTS = ["training", "training", "validation", "test"]
ROWS = [0, 3, 1, 2]


@pytest.fixture(scope="module")
def job(whole: Running) -> str:
    dataset = make_dataset(whole.database, whole.project())
    made = make_job(whole.database, whole.project(), dataset, priority=200)
    waiting = whole.client.get(f"/v1/jobs/{made}/split")
    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/not-ready")
    attempt = claim_job(whole.database, f"host-{uuid4().hex[:6]}")
    assert attempt.job.id == made
    table = io.BytesIO()
    pl.DataFrame({"dataset": [dataset] * 4, "row": ROWS, "part": PARTS}).write_parquet(table)
    whole.services.storage.put(f"{attempt.prefix}/split.parquet", table.getvalue())
    return made


def ask(whole: Running, job: str, **query: Any) -> httpx2.Response:
    return whole.client.get(f"/v1/jobs/{job}/split", params=query, timeout=120).raise_for_status()


def test_every_form_says_the_same(whole: Running, job: str) -> None:
    told = ask(whole, job).json()
    assert {name: part["rows"] for name, part in told["parts"].items()} == {
        "training": [0, 3],
        "validation": [1],
        "test": [2],
    }
    table = pl.read_parquet(ask(whole, job, format="parquet").content)
    assert table["part"].to_list() == PARTS
    assert pl.read_csv(ask(whole, job, format="csv").content).equals(table)
    numbers = np.load(io.BytesIO(ask(whole, job, format="npy").content), allow_pickle=False)
    assert numbers.tolist() == [[0, 1], [3, 1], [1, 2], [2, 3]]
    wrong = whole.client.get(f"/v1/jobs/{job}/split", params={"format": "xml"})
    assert wrong.status_code == 400
    tag = ask(whole, job).headers["etag"]
    url = f"/v1/jobs/{job}/split"
    assert whole.client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_the_client_reads_it_and_writes_it(whole: Running, job: str, tmp_path: Path) -> None:
    with Client(whole.url) as client:
        handle = client.jobs.get(job)
        assert handle.split().parts["test"].rows == [2]
        written = handle.split_file(tmp_path / "parts.npy")
    assert np.load(written).shape == (4, 2)
