"""Disks that are full: what finds no room is refused as such, and leaves nothing behind."""

import base64
import contextlib
import gzip
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx2
import numpy as np
import polars as pl
import pytest

from core.host import EngineFailure, Limits
from tests.api.running import Absent, Lasting, Running, running
from tests.api.test_uploads import PIECE, TUS
from tests.fixtures.disk import Mount

MIB = 2**20
LARGE = b"x,y\n" + b"1,2\n" * MIB


def files(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(response: httpx2.Response) -> None:
    assert response.status_code == 507, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/storage-full"


def goes_on(served: Running) -> None:
    """The rest of the service does its work, with a full disk and when it has room again."""
    for name, check in (
        (one["name"], one["ok"]) for one in served.client.get("/readyz").json()["checks"]
    ):
        assert check or name in ("redis", "worker"), name
    assert served.client.get("/healthz").status_code == 200
    assert served.client.get("/v1/datasets").status_code == 200


def test_a_full_disk(mounted: Mount, make_sqlite: Callable[[], str], engine: Lasting) -> None:
    """Whatever way the bytes come: as a body, as a form, in pieces, as a side file."""
    home = mounted(2 * MIB)
    with running(home, make_sqlite(), engine) as served:
        client = served.client
        before = files(home)
        refused(client.post("/v1/datasets?name=large", content=LARGE))
        refused(client.post("/v1/datasets", files={"file": ("large.csv", LARGE)}))
        refused(client.post("/v1/files", content=LARGE))
        assert files(home) == before
        begun = client.post("/v1/uploads", headers=TUS | {"upload-length": str(len(LARGE))})
        path = begun.headers["location"]
        at = {"upload-offset": "0"}
        refused(client.patch(path, content=LARGE, headers=PIECE | at))
        digest = "sha256 " + base64.b64encode(hashlib.sha256(LARGE).digest()).decode()
        refused(client.patch(path, content=LARGE, headers=PIECE | at | {"upload-checksum": digest}))
        assert files(home) == before
        assert client.head(path, headers=TUS).headers["upload-offset"] == "0"
        assert client.get("/v1/datasets").json()["data"] == []
        assert client.get("/v1/files").json()["data"] == []
        goes_on(served)
        made = client.post("/v1/datasets", content=b"x,y\n1,2\n3,4\n")
        assert made.status_code == 202


def test_bytes_that_fit_once_but_not_twice(
    mounted: Mount, make_sqlite: Callable[[], str], engine: Lasting
) -> None:
    """The body arrives whole and is recognised; the object storage has no room for it."""
    home = mounted(2 * MIB)
    with running(home, make_sqlite(), engine) as served:
        before = files(home)
        body = LARGE[: 3 * MIB // 2]
        for place in ("/v1/datasets", "/v1/datasets?name=again"):
            refused(served.client.post(place, content=body))
            assert files(home) == before
        small = LARGE[: MIB // 4]
        made = served.client.post("/v1/datasets", content=small)
        assert (made.status_code, made.json()["bytes"]) == (202, len(small))


@pytest.mark.parametrize("room", [1, 4000])
def test_no_byte_goes_missing_where_the_disk_ends(
    room: int, mounted: Mount, make_sqlite: Callable[[], str]
) -> None:
    """A body that is cut by the end of the disk is refused, never taken as if it were whole."""
    home = mounted(2 * MIB)
    with running(home, make_sqlite(), Absent()) as served:
        free = shutil.disk_usage(home).free
        refused(served.client.post("/v1/datasets", content=LARGE[: free + room]))


def fill(filler: Path, room: int) -> None:
    """Grow a file until so many bytes are left, whatever others write meanwhile."""
    with filler.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(bytes(4096)) == 4096:
                pass
        file.truncate(max(0, file.tell() - room))


def test_a_full_database(mounted: Mount, make_sqlite: Callable[[], str], tmp_path: Path) -> None:
    """Requests that need a row are refused, those that only look are answered, and it recovers."""
    disk = mounted(4 * MIB)
    shutil.copy(make_sqlite().removeprefix("sqlite:///"), disk / "lamina.db")
    url = f"sqlite:///{disk}/lamina.db"
    with running(tmp_path / "home", url, Absent(), uploads_open=9999) as one:
        filler = disk / "filler"
        fill(filler, 16 * 1024)
        described = "filename " + base64.b64encode(b"x" * 2000).decode()
        headers = TUS | {"upload-length": "9", "upload-metadata": described}
        answers = [one.client.post("/v1/uploads", headers=headers) for _ in range(40)]
        taken = [answer for answer in answers if answer.status_code == 201]
        for answer in answers:
            if answer not in taken:
                refused(answer)
        assert len(taken) < len(answers)
        goes_on(one)
        listed = one.client.get("/v1/uploads?page_size=100").json()["data"]
        assert {entry["id"] for entry in listed} == {answer.json()["id"] for answer in taken}
        filler.unlink()
        assert one.client.post("/v1/uploads", headers=headers).status_code == 201


def test_a_full_disk_of_the_engine(make_sqlite: Callable[[], str], tmp_path: Path) -> None:
    """The engine, too, writes: to scratch, and into its answers."""

    class Full(Absent):
        def call(self, *_: object) -> dict[str, object]:
            raise EngineFailure("storage-full", "OSError: [Errno 28] No space left on device")

    with running(tmp_path, make_sqlite(), Full()) as served:
        refused(served.client.post("/v1/files", content=b"a 1 2\nb 3 4\n"))
        assert served.client.get("/v1/files").json()["data"] == []


@pytest.mark.parametrize("form", ["csv", "parquet", "csv.gz"])
def test_a_file_is_not_blamed_for_a_full_disk(
    form: str, mounted: Mount, tmp_path: Path, engine: Lasting
) -> None:
    """Reading, unpacking and writing what was read: each may find the disk full."""
    rows = np.random.default_rng(0).random((200_000, 2))
    table = pl.DataFrame(rows, schema=["x", "y"])
    source = tmp_path / f"source.{form}"
    if form == "parquet":
        table.write_parquet(source)
    else:
        text = table.write_csv().encode()
        source.write_bytes(gzip.compress(text, 1) if form.endswith("gz") else text)
    disk = mounted(MIB // 2)
    (disk / "scratch").mkdir()
    payload = {"path": str(source), "filename": source.name, "out": str(disk / "out")}
    limits = Limits(wall_seconds=120, memory_bytes=4 << 30)
    with pytest.raises(EngineFailure) as caught:
        engine.run("read", payload, disk / "scratch", limits)
    assert caught.value.code == "storage-full", caught.value.detail
