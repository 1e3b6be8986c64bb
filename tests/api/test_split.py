"""Which row a job put into which part, in every form."""

import io
import json
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
from tests.lamina.cli.command import lamina

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


def test_the_command_line_shows_it_and_writes_it(whole: Running, job: str, tmp_path: Path) -> None:
    shown = lamina("split", job, url=whole.url)
    assert (shown.returncode, shown.stderr) == (0, "")
    rows = [line.split()[:2] for line in shown.stdout.splitlines()]
    assert rows[-3:] == [["training", "2"], ["validation", "1"], ["test", "1"]]
    told = lamina("split", job, "--json", url=whole.url)
    assert json.loads(told.stdout)["parts"] == ask(whole, job).json()["parts"]
    for ending in ("csv", "npy"):
        path = tmp_path / f"parts.{ending}"
        written = lamina("split", job, "--out", path, url=whole.url)
        assert written.stdout == f"{path}\n", written.stderr
        assert path.read_bytes() == ask(whole, job, format=ending).content
    strange = lamina("split", job, "-o", tmp_path / "parts.xml", url=whole.url)
    assert (strange.returncode, strange.stdout) == (2, ""), strange.stderr
    assert "'parquet'" in strange.stderr
    assert not (tmp_path / "parts.xml").exists()
    absent = lamina("split", "job_01kaz8v7m2f5q0r9x3n6t4w1yc", url=whole.url)
    assert (absent.returncode, absent.stdout) == (2, "")
    assert "Traceback" not in absent.stderr
