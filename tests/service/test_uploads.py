"""Large uploads while the API is killed, into a bucket."""

import hashlib
import io
import json
import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from core.storage import Storage
from lamina import Client
from models.database import Database
from models.dataset import Dataset
from models.upload import Upload
from tests.fixtures.service import MakeService


def _file(seed: int) -> bytes:
    written = io.BytesIO()
    np.save(written, np.random.default_rng(seed).random((17, 2**17)))
    return written.getvalue()


@pytest.mark.parametrize("kills", [1, pytest.param(20, marks=pytest.mark.long)])
def test_a_killed_service_keeps_what_it_acknowledged(
    make_service: MakeService,
    bucket_options: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kills: int,
) -> None:
    monkeypatch.setattr("lamina.client.delivery.PIECE", 5 * 2**20)
    service = make_service(
        "sqlite",
        LAMINA_STORAGE_URL=f"s3://bucket/uploads-{kills}",
        LAMINA_STORAGE_OPTIONS=json.dumps(bucket_options),
    )
    content = _file(1)
    path = tmp_path / "large.npy"
    path.write_bytes(content)
    chance = random.Random(kills)
    kill_at = sorted(chance.randrange(len(content)) for _ in range(kills))
    seen: list[int] = []

    def watch(done: int, total: int) -> None:
        seen.append(done)
        if kill_at and done >= kill_at[0]:
            kill_at.pop(0)
            service.kill("api")
            service.start("api")

    with Client(service.url, retries=10) as client:
        made = client.upload(path, progress=watch).resource
        assert not kill_at
        assert any(later < earlier for earlier, later in pairwise(seen))
        assert made.digest == hashlib.sha256(content).hexdigest()
        again = client.upload(path).resource
        assert (again.duplicate_of, again.version) == (made.id, 2)

    database = Database(service.database_url)
    with database.reading() as session:
        key = session.get_one(Dataset, made.id).source_key
        assert session.query(Upload).count() == 0
    database.close()
    storage = Storage(f"s3://bucket/uploads-{kills}", bucket_options)
    assert storage.read(key) == content
    assert storage.names(f"{key.partition('/')[0]}/uploads") == []
    assert len(storage.names(f"{key.partition('/')[0]}/contents")) == 1
    service.close()
