"""A whole service whose objects lie in a bucket."""

import json

import httpx2

from core.storage import Storage
from tests.fixtures.service import MakeService
from tests.service.jobs import await_job, submit, upload_iris


def test_a_job_trains_and_predicts_from_a_bucket(
    make_service: MakeService, bucket_options: dict[str, str]
) -> None:
    service = make_service(
        "sqlite",
        LAMINA_STORAGE_URL="s3://bucket/lamina",
        LAMINA_STORAGE_OPTIONS=json.dumps(bucket_options),
    )
    dataset = upload_iris(service)
    job = await_job(service, submit(service, dataset, epochs=3))
    assert job["state"] == "succeeded", job
    content = httpx2.get(f"{service.url}/v1/models/{job['model']}/content?format=keras", timeout=60)
    assert content.content[:2] == b"PK"
    record = {"sepal length": 5.1, "sepal width": 3.5, "petal length": 1.4, "petal width": 0.2}
    answer = httpx2.post(
        f"{service.url}/v1/models/{job['model']}/predict", json={"records": [record]}, timeout=90
    )
    assert answer.is_success, answer.text
    assert not (service.home / "objects").exists()
    storage = Storage("s3://bucket/lamina", bucket_options)
    found = json.loads(httpx2.get(f"{service.url}/v1/models/{job['model']}").text)
    assert storage.size(f"{_prefix(service.database_url, found['id'])}/network.keras") > 0

    storage.delete(_dataset_prefix(service.database_url, dataset))
    again = await_job(service, submit(service, dataset, epochs=3))
    assert again["state"] == "succeeded", "the worker's host has the dataset in its cache"


def _prefix(database_url: str, model: str) -> str:
    from models.database import Database
    from models.model import TrainedModel

    database = Database(database_url)
    with database.reading() as session:
        prefix = session.get_one(TrainedModel, model).prefix
    database.close()
    return prefix


def _dataset_prefix(database_url: str, dataset: str) -> str:
    from models.database import Database
    from models.dataset import Dataset

    database = Database(database_url)
    with database.reading() as session:
        prefix = session.get_one(Dataset, dataset).prefix
    database.close()
    return prefix
