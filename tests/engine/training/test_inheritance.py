"""Trainings that start from the weights of another one."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from engine.tasks import train
from tests.engine._port import Recorder
from tests.engine.training import _job
from tests.engine.training.test_initial_weights import INPUT, TOKENS, run, table
from tests.engine.training.test_text import TAIL, reviews

BODY = _job.iris_request()["stack"]["layers"]


@pytest.fixture(scope="module")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Iris in canonical form."""
    return _job.iris(tmp_path_factory.mktemp("iris"))


@pytest.fixture(scope="module")
def model(flowers: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model of iris."""
    folder = tmp_path_factory.mktemp("model")
    train.run(_job.payload(flowers, _job.iris_request(), folder), Recorder())
    return folder / "model"


def _started(
    flowers: dict[str, Any], model: Path, folder: Path, layers: list[Any]
) -> tuple[Path, dict[str, Any]]:
    request = _job.iris_request(
        stack={"layers": layers},
        init_from={"model": "mdl_m"},
        fit={"epochs": 1},
        # So slow that nothing that was taken moves.
        compile={"optimizer": {"class_name": "SGD", "learning_rate": 1e-12}},
    )
    port = Recorder()
    models = {"mdl_m": {"dir": str(model)}}
    train.run(_job.payload(flowers, request, folder, files={}, models=models), port)
    (told,) = port.named("initialized")
    return folder / "model", told


def _weights(model: Path) -> dict[str, list[Any]]:
    network = keras.models.load_model(model / "network.keras")
    return {layer.name: layer.get_weights() for layer in network.layers if layer.weights}


def test_the_same_stack_starts_where_the_other_ended(
    flowers: dict[str, Any], model: Path, tmp_path: Path
) -> None:
    found, told = _started(flowers, model, tmp_path / "out", BODY)
    assert [one["layer"] for one in told["matched"]] == ["hidden", "output"]
    assert (told["model"], told["left"], told["words"]) == ("mdl_m", [], [])
    before, after = _weights(model), _weights(found)
    for name, arrays in before.items():
        for one, other in zip(arrays, after[name], strict=True):
            assert np.allclose(one, other, atol=1e-8)


def test_another_head_starts_anew(flowers: dict[str, Any], model: Path, tmp_path: Path) -> None:
    layers = [*BODY[:3], {"class_name": "Dense", "name": "extra", "units": 7}, BODY[3]]
    found, told = _started(flowers, model, tmp_path / "out", layers)
    assert [one["layer"] for one in told["matched"]] == ["hidden"]
    assert [one["layer"] for one in told["left"]] == ["extra", "output"]
    before, after = _weights(model), _weights(found)
    assert np.allclose(before["hidden"][0], after["hidden"][0], atol=1e-8)
    assert before["output"][0].shape != after["output"][0].shape


def test_an_embedding_follows_its_words(tmp_path: Path) -> None:
    first = reviews(tmp_path / "first")
    frozen = {**TAIL[0], "trainable": False}
    model, _ = run(tmp_path / "one", first, [INPUT, frozen, *TAIL[1:]], TOKENS, files={}, models={})
    # The same words are more or less frequent here, so that they stand in other rows.
    lines = (tmp_path / "first" / "upload").read_bytes().splitlines()
    turned = [lines[0], *lines[: len(lines) // 2 : -1], *lines[1 : len(lines) // 5]]
    extra = b'"zebra zebra zebra zebra zebra zebra zebra",' + lines[1].rpartition(b",")[2]
    turned += [extra] * 30
    second = _job.stored(tmp_path / "second", b"\n".join(turned))
    request = _job.iris_request(
        data={
            "target": "mood",
            "inputs": {"text": {"columns": ["review"], "encoding": [TOKENS]}},
        },
        stack={"layers": [INPUT, frozen, *TAIL[1:]]},
        compile={"loss": "binary_crossentropy"},
        fit={"epochs": 1},
        init_from={"model": "mdl_m"},
    )
    port = Recorder()
    models = {"mdl_m": {"dir": str(model)}}
    train.run(_job.payload(second, request, tmp_path / "two", files={}, models=models), port)
    (told,) = port.named("initialized")
    (words,) = told["words"]
    assert words["layer"] == "e"
    assert 0 < words["found"] < words["words"], "all words but the zebra are known"
    labels, rows = table(model)
    others, moved = table(tmp_path / "two" / "model")
    assert labels != others
    known = [word for word in others if word in labels and word.isalpha()]
    assert 10 < len(known) <= words["found"], "numbers are words too"
    for word in known:
        assert np.array_equal(rows[labels.index(word)], moved[others.index(word)])
    assert json.dumps(told)
