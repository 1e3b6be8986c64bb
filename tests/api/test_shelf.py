"""Models on disk: complete or absent, whoever asks at the same time, and not too many."""

import os
import threading
from pathlib import Path

import pytest

from api.shelf import NEEDED, Shelf
from core.storage import Storage
from models.model import TrainedModel


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Object storage in a folder."""
    return Storage(f"file://{tmp_path / 'objects'}")


def _model(storage: Storage, number: int = 0, missing: str = "") -> TrainedModel:
    model = TrainedModel(id=f"mdl_{number:026}", prefix=f"p/{number}/model")
    for name in NEEDED:
        if name != missing:
            storage.put(f"{model.prefix}/{name}", f"{number} {name}".encode())
    return model


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_model_is_fetched_once(storage: Storage, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", storage)
    model = _model(storage)
    place = shelf.fetch(model)
    assert _names(place) == set(NEEDED)
    storage.delete(model.prefix)
    assert shelf.fetch(model) == place
    assert (place / "stack.json").read_text() == "0 stack.json"


def test_half_a_model_is_none(storage: Storage, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", storage)
    with pytest.raises(FileNotFoundError):
        shelf.fetch(_model(storage, missing="encoding.json"))
    assert _names(tmp_path / "shelf") == set()


def test_many_may_ask_at_once(storage: Storage, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", storage)
    model = _model(storage)
    found: list[set[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(_names(shelf.fetch(model)))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [set(NEEDED)] * 12
    assert _names(tmp_path / "shelf") == {model.id}


def test_the_oldest_go(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.shelf._MOST", 2)
    shelf = Shelf(tmp_path / "shelf", storage)
    models = [_model(storage, number) for number in range(3)]
    for age, model in zip((30, 20), models, strict=False):
        place = shelf.fetch(model)
        os.utime(place, (place.stat().st_mtime - age,) * 2)
    shelf.fetch(models[0])  # used again: now the second is the oldest
    shelf.fetch(models[2])
    assert _names(tmp_path / "shelf") == {models[0].id, models[2].id}
