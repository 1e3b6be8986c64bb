"""The clients against a running service: real HTTP, real training."""

import asyncio
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lamina import AsyncClient, Client, DatasetFailed, JobCancelled
from lamina.client.errors import BadSource
from lamina.client.problems import (
    DataStackMismatch,
    InvalidDataset,
    InvalidStack,
    JobActive,
    NotFound,
    UnsupportedMediaType,
)
from tests.fixtures.service import MakeService, Service
from tests.lamina.conftest import STACK

_LONG: dict[str, Any] = {"epochs": 5000, "settings": {"fit.batch_size": 1}}


def test_from_a_file_to_predictions(client: Client, table: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    dataset = client.upload(table, name="points", progress=lambda *at: told.append(at))
    found = dataset.wait(60)
    assert told[-1] == (table.stat().st_size, table.stat().st_size)
    assert (found.rows, found.name, found.filename) == (240, "points", "points.csv")
    assert [column.name for column in found.columns or []] == ["a", "b", "label"]
    assert len(dataset.preview(3).rows) == 3

    job = client.train(STACK, dataset=found, target="label", epochs=3, seed=1)
    events = list(job.events())
    assert events[-1].type == "job.done"
    assert [event.epoch for event in events if event.type == "epoch"] == [0, 1, 2]
    numbers = [event.seq for event in events if event.type != "progress"]
    assert numbers == list(range(1, len(numbers) + 1))
    done = job.wait(60)
    history = job.history()
    assert history.epoch == [0, 1, 2]
    assert done.metrics["loss"].last == history.history["loss"][-1]
    assert history.history["loss"] == [
        event.logs["loss"] for event in events if event.type == "epoch"
    ]
    assert job.metrics(["loss"]).data["loss"] == history.history["loss"]
    assert job.history_csv().startswith("epoch,accuracy,loss,")
    assert job.logs(5) is not None

    model = job.model()
    assert "dense" in model.summary().lower()
    path = model.download(tmp_path / "m.keras")
    assert path.stat().st_size == next(f.bytes for f in model.resource.files if f.format == "keras")
    predictions = model.predict([{"a": 9.0, "b": 0.5}, {"a": 0.5, "b": 9.0}]).predictions
    assert len(predictions) == 2
    assert model.predict(pl.DataFrame({"a": [9.0], "b": [0.5]})).predictions == predictions[:1]
    asked = client.models.predict(model.id, np.array([[9.0, 0.5], [0.5, 9.0]]))
    assert asked.predictions == predictions
    with pytest.raises(UnsupportedMediaType, match="send an array"):
        model.predict(b"no image")

    network = model.load()
    assert network.output_shape == (None, 2)


def test_arrays_and_a_live_network(client: Client) -> None:
    import keras

    rng = np.random.default_rng(3)
    x = rng.normal(size=(120, 4)).astype("float32")
    y = x @ np.array([1.0, -2.0, 0.5, 0.0], dtype="float32")
    network = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    network.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
    job = client.train(network, x, y, epochs=4, validation_split=0.25, display_name="line")
    done = job.wait(120)
    assert done.display_name == "line"
    losses = job.history().history["loss"]
    assert len(losses) == 4
    assert (losses[-1] or 0) < (losses[0] or 0)
    assert done.request["compile"]["optimizer"]["learning_rate"] == pytest.approx(0.05)
    assert done.request["data"]["split"]["validation"] == 0.25
    model = job.model()
    predictions = model.predict(x[:3]).predictions
    expected = model.load().predict(x[:3], verbose=0).ravel()
    assert [one["value"] for one in predictions] == pytest.approx(expected.tolist(), rel=1e-4)


def test_checking_and_validating_train_nothing(client: Client, table: Path) -> None:
    stack = [{"class_name": "Input", "shape": [2]}, *STACK]
    assert client.check(stack).parameters.total == 2 * 8 + 8 + 8 * 2 + 2
    plan = client.validate(STACK, dataset=table, target="label")
    assert plan.parameters.total == 42
    assert plan.steps_per_epoch
    before = [job.id for job in client.jobs.list(page_size=1)][:1]
    with pytest.raises(InvalidStack) as caught:
        client.validate([{"class_name": "Dens", "units": 3}], dataset=table, target="label")
    assert "did you mean Dense" in str(caught.value)
    assert [job.id for job in client.jobs.list(page_size=1)][:1] == before


def test_what_does_not_fit_the_data_is_told(client: Client, table: Path) -> None:
    with pytest.raises(DataStackMismatch, match="label"):
        client.train(STACK, dataset=table, target="labl")


def test_data_that_cannot_be_read(client: Client) -> None:
    with pytest.raises(InvalidDataset, match="no known format"):
        client.upload(b"\x00\x01\x02 no table at all", filename="x.csv")
    with pytest.raises(DatasetFailed, match="could not be read"):
        client.upload(b"a,b,label\n", filename="x.csv").wait(60)


def test_stopping_keeps_and_cancelling_discards(client: Client, table: Path) -> None:
    job = client.train(STACK, dataset=table, target="label", **_LONG)
    _await_epoch(job)
    with pytest.raises(JobActive):
        job.delete()
    job.stop()
    assert job.wait(60).stop_reason == "user"
    assert job.model().resource.job == job.id

    other = client.train(STACK, dataset=job.resource.dataset, target="label", **_LONG)
    _await_epoch(other)
    other.cancel()
    with pytest.raises(JobCancelled):
        other.wait(60)
    again = other.retry()
    assert again.resource.retry_of == other.id
    clone = other.clone(epochs=3, settings={"stack.layers.1.units": 3, "callbacks": []})
    assert clone.resource.cloned_from == other.id
    assert clone.resource.request["fit"]["epochs"] == 3
    assert clone.resource.request["stack"]["layers"][1]["units"] == 3
    clone.cancel()
    with pytest.raises(BadSource):
        other.clone({"fit": {"epochs": 1}}, epochs=2)
    again.cancel()
    with pytest.raises(JobCancelled):
        again.wait(60)
    again.delete()
    with pytest.raises(NotFound):
        again.refresh()


def test_lists_turn_pages(client: Client) -> None:
    made = [client.upload([{"a": n, "b": n}], name=f"list {n}").id for n in range(5)]
    listed = [dataset.id for dataset in client.datasets.list(page_size=2)]
    assert listed[:5] == made[::-1]
    assert len(set(listed)) == len(listed)
    for identifier in made:
        handle = client.datasets.get(identifier)
        handle.wait(60)
        handle.delete()
    assert not set(made) & {dataset.id for dataset in client.datasets.list()}


def test_the_service_tells_of_itself(client: Client) -> None:
    assert client.ready().ready
    assert "keras" in client.server().versions
    assert [worker.state for worker in client.workers()].count("alive") >= 1
    assert client.catalog("layers", "Dense")["name"] == "Dense"


def test_a_wrong_id_is_explained(client: Client) -> None:
    with pytest.raises(NotFound, match="dataset"):
        client.jobs.get("ds_01kaz8v7m2f5q0r9x3n6t4w1yc")


def test_the_async_client_trains_two_at_a_time(service: Service) -> None:
    async def train() -> list[list[str]]:
        async with AsyncClient(service.url) as client:
            rows = [{"x": n / 10, "y": n / 5} for n in range(50)]
            dataset = await client.upload(rows)
            await dataset.wait(60)
            stack = [{"class_name": "Dense", "units": 1}]

            async def one(seed: int) -> list[str]:
                job = await client.train(stack, dataset=dataset, target="y", epochs=2, seed=seed)
                kinds = [event.type async for event in job.events()]
                await job.wait(60)
                return kinds

            return await asyncio.gather(one(1), one(2))

    for kinds in asyncio.run(train()):
        assert kinds.count("epoch") == 2
        assert kinds[-1] == "job.done"


def test_keys_open_the_door_and_close_it(make_service: MakeService) -> None:
    service = make_service()
    with Client(service.url) as client:
        admin = client.keys.create("admin", ["read", "train", "admin"])
        assert admin.secret
    with Client(service.url, key=admin.secret) as client:
        reader = client.keys.create("reader", ["read"], expires_in_days=1)
        assert [key.name for key in client.keys.list()] == ["reader", "admin"]
        made = [(one.key, one.action, one.subject) for one in client.audit.list()]
        assert made == [
            (admin.id, "keys_create", reader.id),
            (None, "keys_create", admin.id),
        ]
        client.keys.limit(reader.id, {"running_jobs": 2})
        limits = client.keys.limit(reader.id, {"queued_jobs": 5, "running_jobs": None}).limits
        assert limits.model_dump(exclude_none=True) == {"queued_jobs": 5}
        with Client(service.url, key=reader.secret) as other:
            used = other.usage().key
            assert used is not None
            assert (used.queued_jobs.limit, used.running_jobs.limit) == (5, None)
            assert list(other.jobs.list()) == []
            with pytest.raises(Exception, match="forbidden, HTTP 403"):
                other.upload([{"a": 1}])
            assert client.keys.revoke(reader.id).revoked_at
            with pytest.raises(Exception, match="unauthenticated, HTTP 401"):
                list(other.jobs.list())


def _await_epoch(job: Any) -> None:
    deadline = time.monotonic() + 60
    for event in job.events():
        if event.type == "epoch":
            return
        assert time.monotonic() < deadline
