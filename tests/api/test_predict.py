"""Predictions at once: by warm children, whatever becomes of them, in every form of body."""

import asyncio
import base64
import io
import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from api.shelf import NEEDED
from api.turns import Turns
from core.host import Limits
from models.model import TrainedModel
from tests.api.rows import make_dataset, make_job
from tests.api.running import Lasting, Running, running
from tests.core.test_host import await_death

_LIMITS = Limits(wall_seconds=120)
_LAYERS = [
    {"class_name": "Input", "name": "input", "shape": [8, 8, 1]},
    {"class_name": "Flatten", "name": "flat"},
    {"class_name": "Dense", "name": "output", "units": 2, "activation": "softmax"},
]
_ENCODING = {"class_name": "image", "height": 8, "width": 8, "channels": 1}
_REQUEST: dict[str, Any] = {
    "data": {
        "dataset": "ds_x",
        "target": None,
        "inputs": {"input": {"columns": ["image"], "encoding": [_ENCODING]}},
        "sample_weight": None,
        "split": {"by": "random", "validation": 0.2, "test": 0.0},
    },
    "stack": {"layers": _LAYERS},
    "compile": {
        "optimizer": {"class_name": "Adam"},
        "loss": "sparse_categorical_crossentropy",
        "metrics": [],
    },
    "fit": {"epochs": 1, "batch_size": 8, "seed": 7, "class_weight": None, "shuffle": True},
    "callbacks": [],
    "resources": {"gpus": 0, "max_seconds": 60},
}


def picture(level: int, form: str = "PNG", **more: Any) -> bytes:
    """A picture of 9 by 7 pixels in colours, another for each level."""
    pixels = np.random.default_rng(level).integers(level, level + 60, (9, 7, 3))
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(buffer, format=form, **more)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def files(engine: Lasting, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a model that tells dark pictures from light ones."""
    folder = tmp_path_factory.mktemp("pictures")
    with zipfile.ZipFile(folder / "upload", "w") as file:
        for number in range(8):
            file.writestr(f"dark/{number}.png", picture(number))
            file.writestr(f"light/{number}.png", picture(180 + number))
    read = {"path": str(folder / "upload"), "filename": "a.zip", "out": str(folder / "data")}
    schema = engine.run("read", read, folder, _LIMITS)[0]["schema"]
    payload = {
        **{"data": str(folder / "data"), "schema": schema, "request": _REQUEST},
        **{"out": str(folder / "out"), "threads": 1, "gpus": 0},
    }
    engine.run("train", payload, folder, _LIMITS)
    return folder / "out" / "model"


@pytest.fixture(scope="module")
def served(
    make_sqlite: Callable[[], str], tmp_path_factory: pytest.TempPathFactory, engine: Lasting
) -> Iterator[Running]:
    """A service with the real engine."""
    home = tmp_path_factory.mktemp("home")
    with running(home, make_sqlite(), engine, predict_bytes=2**20) as made:
        yield made


@pytest.fixture
def model(served: Running, files: Path) -> str:
    """A model of the service."""
    return stored(served, files)


def stored(served: Running, files: Path) -> str:
    """The same model once more, under an id of its own."""
    dataset = make_dataset(served.database, served.project())
    job = make_job(served.database, served.project(), dataset)
    row = TrainedModel(
        **{"id": TrainedModel.new_id(), "project_id": served.project(), "job_id": job},
        **{"dataset_id": dataset, "attempt": 1, "prefix": f"p/{job}/1/model"},
        **{"files": {}, "stack": {}, "display_name": None},
    )
    for name in NEEDED:
        served.services.storage.put(f"{row.prefix}/{name}", (files / name).read_bytes())
    with served.database.session() as session:
        session.add(row)
    return row.id


def asked(served: Running, model: str) -> list[Any]:
    """The answers to two pictures, sent as records."""
    records = [{"image": base64.b64encode(picture(level)).decode()} for level in (20, 190)]
    answer = served.client.post(f"/v1/models/{model}/predict", json={"records": records})
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["predictions"]
    return found


Children = Callable[[], set[int]]


@pytest.fixture
def children(tmp_path_factory: pytest.TempPathFactory) -> Children:
    """Looks for the engine children that answer predictions and were not there before."""
    base = tmp_path_factory.getbasetemp()

    def look() -> set[int]:
        found = set()
        for entry in Path("/proc").iterdir():
            try:
                folder = (entry / "cwd").readlink()
            except OSError:
                continue
            if folder.is_relative_to(base) and folder.name.startswith("warm-predict-"):
                found.add(int(entry.name))
        return found

    before = look()  # of other tests
    return lambda: look() - before


def test_a_model_stays_loaded_and_answers_alike_whatever_becomes_of_its_child(
    served: Running, files: Path, children: Children
) -> None:
    one, two = stored(served, files), stored(served, files)
    cold = asked(served, one)
    (first,) = children()
    assert asked(served, one) == cold  # warm
    assert children() == {first}
    assert asked(served, two) == cold  # in a child of its own
    (second,) = children() - {first}
    os.kill(first, signal.SIGKILL)
    assert asked(served, one) == cold
    await_death(first)
    (third,) = children() - {second}

    assert served.client.delete(f"/v1/models/{one}").status_code == 204
    await_death(third)
    assert not (served.services.settings.scratch / "models" / one).exists()
    answer = served.client.post(f"/v1/models/{one}/predict", json={"records": [{}]})
    assert answer.status_code == 404
    assert children() == {second}


def send(served: Running, model: str, kind: str, content: bytes) -> Any:
    """A prediction of a body of this type."""
    headers = {"Content-Type": kind}
    return served.client.post(f"/v1/models/{model}/predict", content=content, headers=headers)


def npy(array: Any) -> bytes:
    """An array as a file of NumPy."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_images_and_arrays_are_answered_as_records_are(served: Running, model: str) -> None:
    dark, light = asked(served, model)
    pixels = [np.asarray(Image.open(io.BytesIO(picture(level)))) for level in (20, 190)]
    for kind, content, expected in (
        ("image/png", picture(20), [dark]),
        ("image/bmp", picture(190, "BMP"), [light]),
        ("application/octet-stream", picture(190), [light]),
        ("application/octet-stream", npy(pixels[0]), [dark]),
        ("application/x-npy", npy(np.stack(pixels)), [dark, light]),
    ):
        answer = send(served, model, kind, content)
        assert answer.status_code == 200, answer.text
        assert answer.json()["predictions"] == expected, kind
    turned = Image.Exif()
    turned[0x0112] = 3  # upside down
    upright = Image.fromarray(pixels[0][::-1, ::-1])
    buffer = io.BytesIO()
    upright.save(buffer, "WEBP", lossless=True, exif=turned)
    answer = send(served, model, "image/webp", buffer.getvalue())
    assert answer.json()["predictions"] == [dark]
    files = [("file", (f"{level}.png", picture(level), "image/png")) for level in (190, 20, 190)]
    answer = served.client.post(f"/v1/models/{model}/predict", files=files)
    assert answer.json()["predictions"] == [light, dark, light], answer.text


class Harm:
    """What a pickle would run."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (1,))


def test_too_many_that_wait_are_refused(
    served: Running, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.services.turns, "asking", 10**6)
    answer = send(served, model, "image/png", picture(20))
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/overloaded")
    assert answer.headers["retry-after"] == "1"


def test_other_bodies_are_refused_with_what_would_be_right(served: Running, model: str) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([Harm()], dtype=object), allow_pickle=True)
    endless = b"\x93NUMPY\x01\x00v\x00" + (
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (99999, 99999, 99999, 3)}".ljust(117)
        + b"\n"
    )
    for kind, content, status, pointer, told in (
        ("image/png", b"no image", 422, "/0/image", "no image of a known format (PNG, JPEG"),
        ("image/png", picture(20)[:60], 422, "/0/image", "damaged"),
        ("image/png", npy(np.zeros((2, 2), np.uint8)), 422, "", "application/x-npy"),
        ("image/png", b"", 422, "", "No byte"),
        ("application/x-npy", picture(20), 422, "", "numpy.save"),
        ("application/x-npy", buffer.getvalue(), 422, "", "cannot be read"),
        ("application/x-npy", endless, 422, "", "cannot be read"),
        ("application/x-npy", npy(np.zeros((2, 2))), 422, "", "uint8, from 0 to 255"),
        ("application/x-npy", npy(np.zeros((1, 2, 2, 2), np.uint8)), 422, "", "1, 3 or 4"),
        (
            "application/x-npy",
            npy(np.zeros((10_001, 1, 1, 1), np.uint8)),
            413,
            "",
            "10000 are taken",
        ),
        ("text/csv", b"a,b", 415, None, "application/x-npy"),
        ("", b"a,b", 415, None, "image/png"),
    ):
        answer = send(served, model, kind, content)
        assert answer.status_code == status, (kind, answer.text)
        assert told in answer.text
        if pointer is not None:
            assert [one["pointer"] for one in answer.json()["errors"]] == [pointer], answer.text
    parts = {"file": ("a.png", picture(20))}
    answer = served.client.post(f"/v1/models/{model}/predict", files=parts, data={"colour": "no"})
    assert (answer.status_code, "'colour'" in answer.text) == (422, True)
    files = [("file", (name, content)) for name, content in (("a", picture(20)), ("b", b"?"))]
    answer = served.client.post(f"/v1/models/{model}/predict", files=files)
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/1/image"]
    assert send(served, model[:-1] + "0", "image/png", picture(20)).status_code == 404
    large = bytes(served.services.settings.predict_bytes + 1)
    assert send(served, model, "image/png", large).status_code == 413
    assert asked(served, model)  # none of it has harmed the child


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, ["a0", "b0", "a1", "b1", "a2", "a3"]),
        (600, ["a0", "a1", "a2", "a3", "b0", "b1"]),
    ],
)
def test_turns_go_round_among_subjects(seconds: float, expected: list[str]) -> None:
    """Of one subject one at a time; others need not wait for all requests of the first."""
    order: list[str] = []
    turns = Turns(1, seconds)

    async def ask(name: str) -> None:
        async with turns.of(name[0]) as threads, threads:
            order.append(name)
            await asyncio.sleep(0)

    async def storm() -> None:
        names = ("a0", "a1", "a2", "a3", "b0", "b1")
        tasks = [asyncio.create_task(ask(name)) for name in (*names, "a4", "b2")]
        await asyncio.sleep(0)
        for task in tasks[-2:]:  # who goes away while waiting takes no place along
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(asyncio.wait_for(storm(), 30))
    assert order == expected
    assert turns._places.borrowed_tokens == 0
