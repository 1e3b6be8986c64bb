"""Datasets by URL, from real servers and from a bucket."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.storage import Storage
from models.dataset import Dataset
from tests.api.rows import unseen
from tests.api.running import Absent, Running, running
from tests.lamina.outside import Asked, Outside, Reply, outside

CSV = unseen()


def _script(asked: Asked) -> Reply:
    if asked.path == "/moved":
        return Reply(302, b"", {"Location": "/data/my%20table.csv?token=hidden"})
    if asked.path == "/away":
        return Reply(302, b"", {"Location": "http://10.0.0.1/x.csv"})
    if asked.path == "/empty.csv":
        return Reply(200, b"")
    if asked.path == "/large.csv":
        return Reply(200, b"x" * 10_001)
    if asked.path == "/broken.csv":
        return Reply(200, CSV, cut=10)
    known = asked.path.startswith("/data/")
    return Reply(200, CSV, {"Content-Type": "text/csv"}) if known else Reply(404, b"no")


@pytest.fixture(scope="module")
def world() -> Iterator[Outside]:
    """A server with files."""
    with outside(_script) as served:
        yield served


@pytest.fixture(scope="module")
def fetching(
    world: Outside,
    bucket_options: dict[str, str],
    make_sqlite: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """A service that may fetch from there, and from one folder of a bucket."""
    with running(
        tmp_path_factory.mktemp("home"),
        make_sqlite(),
        Absent(),
        fetch_from=[world.url, "http://*", "s3://bucket/open/"],
        fetch_private=["127.0.0.1/32"],
        fetch_options=bucket_options,
        upload_bytes=10_000,
    ) as served:
        yield served


def _stored(service: Running, made: dict[str, Any]) -> bytes:
    with service.database.reading() as session:
        row = session.get_one(Dataset, made["id"])
    return service.services.storage.read(row.source_key)


def test_a_file_is_fetched(
    fetching: Running, world: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = hashlib.sha256(CSV).hexdigest()
    wanted = {"url": f"{world.url}/moved", "digest": digest, "name": "by url", "tags": ["t"]}
    headers = {"idempotency-key": "by-url"}
    made = fetching.client.post("/v1/datasets", json=wanted, headers=headers)
    assert made.status_code == 202, made.text
    body = made.json()
    assert (body["digest"], body["name"], body["tags"]) == (digest, "by url", ["t"])
    assert body["filename"] == "my table.csv"
    assert _stored(fetching, body) == CSV
    assert not list(fetching.services.uploads.iterdir())
    asked = len(world.asked)
    again = fetching.client.post("/v1/datasets", json=wanted, headers=headers)
    assert again.json() == body
    assert len(world.asked) == asked, "a replay fetches nothing"
    printed = capsys.readouterr()
    assert "hidden" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 422, "not-fetched"),
        ("/away", 422, "forbidden-url"),
        ("/empty.csv", 422, "empty"),
        ("/large.csv", 413, "too-large"),
        ("/broken.csv", 422, "not-fetched"),
    ],
)
def test_what_cannot_be_fetched_leaves_nothing(
    fetching: Running, world: Outside, path: str, status: int, code: str
) -> None:
    before = fetching.client.get("/v1/datasets").json()
    response = fetching.client.post("/v1/datasets", json={"url": world.url + path})
    assert response.status_code == status, response.text
    (found,) = response.json()["errors"]
    assert (found["pointer"], found["code"]) == ("/url", code)
    assert fetching.client.get("/v1/datasets").json() == before
    assert not list(fetching.services.uploads.iterdir())


def test_another_file_than_expected_is_refused(fetching: Running, world: Outside) -> None:
    wanted = {"url": f"{world.url}/data/x.csv", "digest": "0" * 64}
    response = fetching.client.post("/v1/datasets", json=wanted)
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/digest")


def test_an_object_of_a_bucket(fetching: Running, bucket_options: dict[str, str]) -> None:
    bucket = Storage("s3://bucket", bucket_options)
    content = unseen()
    bucket.put("open/a b.csv", content)
    bucket.put("closed/x.csv", content)
    bucket.put("open/large.csv", b"x" * 10_001)
    made = fetching.client.post("/v1/datasets", json={"url": "s3://bucket/open/a%20b.csv"})
    assert made.status_code == 202, made.text
    assert made.json()["filename"] == "a b.csv"
    assert _stored(fetching, made.json()) == content
    for key, code in {
        "open/none.csv": "not-fetched",
        "closed/x.csv": "forbidden-url",
        "open/../closed/x.csv": "forbidden-url",
        "open/large.csv": "too-large",
    }.items():
        refused = fetching.client.post("/v1/datasets", json={"url": f"s3://bucket/{key}"})
        assert refused.json()["errors"][0]["code"] == code, refused.text


def test_nothing_is_fetched_unless_the_operator_allows_it(service: Running) -> None:
    for url in ("https://93.184.215.14/x.csv", "s3://bucket/key", "http://localhost/"):
        refused = service.client.post("/v1/datasets", json={"url": url})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["code"] == "forbidden-url"


def test_settings_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    from core.settings import Settings

    for given in ({"fetch_from": ["example"]}, {"fetch_private": ["10.0.0.0/99"]}):
        with pytest.raises(ValueError, match=r"example|10\.0\.0\.0"):
            Settings(home=tmp_path, **given)  # type: ignore[arg-type]
