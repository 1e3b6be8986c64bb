"""The same bytes twice, and datasets of one name."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from models.content import Content
from models.dataset import Dataset
from tests.api.rows import make_job, read_dataset, unseen
from tests.api.running import Running

GONE = {"permanently": "true"}


def _post(service: Running, content: bytes, query: str = "") -> dict[str, Any]:
    response = service.client.post(f"/v1/datasets{query}", content=content)
    assert response.status_code == 202
    found: dict[str, Any] = response.json()
    return found


def _objects(service: Running) -> set[str]:
    folder = service.services.settings.home / "objects"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _row(service: Running, identifier: str) -> Dataset:
    with service.database.reading() as session:
        return session.get_one(Dataset, identifier)


def test_the_same_bytes_are_stored_and_read_once(service: Running) -> None:
    before, content = _objects(service), unseen()
    first = _post(service, content, "?filename=a.csv")
    early = _post(service, content, "?filename=b.CSV")
    assert (first["duplicate_of"], early["duplicate_of"]) == (None, first["id"])
    assert first["digest"] == early["digest"]
    read_dataset(service.database)
    later = _post(service, content, "?filename=c.csv")
    for made in (first, early, later):
        found = service.client.get(f"/v1/datasets/{made['id']}").json()
        assert (found["state"], found["rows"]) == ("ready", 4)
    assert len({_row(service, made["id"]).canonical_prefix for made in (first, later)}) == 1
    with service.database.session() as session:
        assert Dataset.claim(session, 60) is None
    assert len(_objects(service) - before) == 1

    other = _post(service, content, "?filename=a.tsv")
    assert (other["duplicate_of"], other["state"]) == (first["id"], "reading")
    read_dataset(service.database)
    for made in (first, early, other):
        assert service.client.delete(f"/v1/datasets/{made['id']}", params=GONE).status_code == 204
        assert service.services.storage.read(_row(service, later["id"]).source_key) == content
    service.client.delete(f"/v1/datasets/{later['id']}", params=GONE)
    assert _objects(service) == before


def test_a_twin_of_an_unreadable_file_is_refused_with_it(service: Running) -> None:
    content = unseen()
    first, second = _post(service, content), _post(service, content)
    with service.database.session() as session:
        row = Dataset.claim(session, 60)
        assert row is not None
        assert row.id == first["id"]
        row.refuse(session, {"code": "invalid-dataset", "detail": "No.", "errors": []})
    assert service.client.get(f"/v1/datasets/{second['id']}").json()["state"] == "failed"
    assert _post(service, content)["state"] == "reading", "failures are tried again"
    read_dataset(service.database)


def test_a_twin_goes_on_where_the_first_is_deleted_while_it_is_read(service: Running) -> None:
    content = unseen()
    first, second = _post(service, content), _post(service, content)
    with service.database.session() as session:
        row = Dataset.claim(session, 60)
        assert row is not None
    service.client.delete(f"/v1/datasets/{first['id']}", params=GONE)
    with service.database.session() as session:
        assert not row.renew(session, 60)
    read_dataset(service.database)
    assert service.client.get(f"/v1/datasets/{second['id']}").json()["state"] == "ready"


def test_many_at_once_come_and_go(service: Running) -> None:
    before, content = _objects(service), unseen()

    def live(number: int) -> list[str]:
        kept = []
        with httpx2.Client(base_url=service.url, timeout=60) as client:
            for turn in range(4):
                answer = client.post(f"/v1/datasets?name=many-{number}", content=content)
                made = answer.raise_for_status().json()
                if (number + turn) % 2:
                    client.delete(made["links"]["self"], params=GONE).raise_for_status()
                else:
                    kept.append(made["id"])
        return kept

    with ThreadPoolExecutor(6) as pool:
        kept = [identifier for found in pool.map(live, range(6)) for identifier in found]
    assert {service.services.storage.read(_row(service, one).source_key) for one in kept} == {
        content
    }
    assert len(_objects(service) - before) == 1
    with service.database.reading() as session:
        held = {session.get_one(Dataset, one).content_id for one in kept}
        assert len(held) == 1
    for one in kept:
        service.client.delete(f"/v1/datasets/{one}", params=GONE)
    assert _objects(service) == before
    with service.database.reading() as session:
        assert session.get(Content, held.pop()) is None


@pytest.fixture
def named(service: Running) -> list[dict[str, Any]]:
    """Three datasets of one name."""
    name = f"versions-{unseen()[-12:-4].hex()}"
    return [_post(service, unseen(), f"?name={name}") for _ in range(3)]


def test_datasets_of_a_name_are_counted(service: Running, named: list[dict[str, Any]]) -> None:
    assert [made["version"] for made in named] == [1, 2, 3]
    name = named[0]["name"]
    listed = service.client.get(f"/v1/datasets?name={name}").json()["data"]
    assert [made["version"] for made in listed] == [3, 2, 1]
    service.client.delete(f"/v1/datasets/{named[2]['id']}", params=GONE)
    assert _post(service, unseen(), f"?name={name}")["version"] == 4, "no number is given twice"
    assert service.client.get("/v1/datasets?name=nobody").json()["data"] == []


def test_versions_are_counted_while_many_arrive(service: Running) -> None:
    def send(number: int) -> int:
        answer = httpx2.post(f"{service.url}/v1/datasets?name=rush", content=unseen(), timeout=60)
        version: int = answer.raise_for_status().json()["version"]
        return version

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, range(12))) == list(range(1, 13))


def test_a_dataset_that_a_job_needs_stays_though_its_twin_goes(service: Running) -> None:
    content = unseen()
    first, second = _post(service, content), _post(service, content)
    job = make_job(service.database, service.project(), second["id"])
    refused = service.client.delete(f"/v1/datasets/{second['id']}", params=GONE)
    assert refused.status_code == 409
    assert job in refused.json()["detail"]
    assert service.client.delete(f"/v1/datasets/{first['id']}", params=GONE).status_code == 204
    assert service.services.storage.read(_row(service, second["id"]).source_key) == content
