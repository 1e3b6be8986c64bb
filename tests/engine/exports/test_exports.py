"""Every written form gives what the network gives, and says why where it cannot."""

import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import palmerpenguins
import pytest
from sklearn.datasets import load_digits

from api.exporting import MEDIA, SUFFIXES
from engine.exports import EXPORTS
from engine.exports._parity import parity
from engine.exports._subject import Subject
from engine.faults import Fault
from engine.tasks import export, train
from tests.engine._port import Recorder
from tests.engine.training import _job

Trained = dict[str, Any]


def layers(*inside: dict[str, Any], units: int, activation: str | None, **given: Any) -> Any:
    """A stack of one Input and one output around these layers."""
    first = {"class_name": "Input", "name": "input", **given}
    last = {"class_name": "Dense", "name": "output", "units": units, "activation": activation}
    named = [{"name": f"layer_{n}", **layer} for n, layer in enumerate(inside)]
    return {"layers": [first, *named, last]}


def trained(folder: Path, stored: dict[str, Any], **changes: Any) -> Trained:
    """The payload of an export of a network that was trained for one epoch."""
    payload = _job.payload(stored, _job.iris_request(fit={"epochs": 1}, **changes), folder / "o")
    train.run(payload, Recorder())
    return {**payload, "model": str(folder / "o" / "model")}


def written(subject: Trained, form: str, folder: Path) -> dict[str, Any]:
    return export.run({**subject, "form": form, "out": str(folder / form)}, Recorder())


@pytest.fixture(scope="module")
def penguins(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Numbers, some missing, and words, with logits of two classes."""
    folder = tmp_path_factory.mktemp("penguins")
    data = _job.stored(folder, palmerpenguins.load_penguins().to_csv(index=False).encode())
    columns = ["bill_length_mm", "body_mass_g", "species", "island", "year"]
    encodings = [
        {"class_name": "standard", "missing": "median", "clip": 2.0},
        "standard",
        {"class_name": "one_hot", "missing": "category"},
        "index",
        "one_hot",
    ]
    return trained(
        folder,
        data,
        data={"target": "sex", "inputs": {"input": {"columns": columns, "encoding": encodings}}},
        stack=layers(units=1, activation=None, shape=[10]),
        compile={
            "loss": {"class_name": "BinaryCrossentropy", "from_logits": True},
            "metrics": [],
        },
    )


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Words of several scripts through a recurrent network with a mask."""
    folder = tmp_path_factory.mktemp("texts")
    words = ["Straße", "Été", "naïve", "Привет", "x_1", "42nd"]
    rows = [f'"{words[n % 6]}, don\'t! {words[n % 5]}{n % 7}",{"pn"[n % 2]}' for n in range(90)]
    data = _job.stored(folder, "\n".join(["text,label", *rows]).encode())
    encoding = {"class_name": "tokens", "length": 6, "max_tokens": 20}
    recurrent = {"class_name": "Bidirectional", "layer": {"class_name": "LSTM", "units": 3}}
    embedding = {
        "class_name": "Embedding", "input_dim": 20, "output_dim": 4, "mask_zero": True,
    }  # fmt: skip
    return trained(
        folder,
        data,
        data={"target": "label", "inputs": {"input": {"columns": ["text"], "encoding": encoding}}},
        stack=layers(embedding, recurrent, units=2, activation="softmax", shape=[6], dtype="int32"),
    )


@pytest.mark.parametrize("form", sorted(EXPORTS))
@pytest.mark.parametrize("subject", ["penguins", "texts"])
def test_a_form_gives_what_the_network_gives(
    form: str, subject: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    payload = request.getfixturevalue(subject)
    report = written(payload, form, tmp_path)
    assert report["parity"]["rows"] >= 15
    assert report["parity"]["max_abs"] < 1e-4
    assert report["parity"]["runtime"] == EXPORTS[form].runtime()
    assert [entry["name"] for entry in report["inputs"]] == ["input"]
    if form == "saved_model":
        assert report["parity"]["max_abs"] == 0
        assert "no_records" not in report
        assert zipfile.is_zipfile(tmp_path / form)


def test_a_saved_model_gives_labels(penguins: Trained, tmp_path: Path) -> None:
    import tensorflow as tf

    report = written(penguins, "saved_model", tmp_path)
    assert {entry["column"]: entry["dtype"] for entry in report["records"]} == {
        "bill_length_mm": "float64",
        "body_mass_g": "float64",
        "species": "string",
        "island": "string",
        "year": "float64",
    }
    with zipfile.ZipFile(tmp_path / "saved_model") as archive:
        archive.extractall(tmp_path / "folder")
    serve = tf.saved_model.load(str(tmp_path / "folder")).signatures["serving_default"]
    given = {
        "bill_length_mm": tf.constant([39.1, np.nan], tf.float64),
        "body_mass_g": tf.constant([3750, np.nan], tf.float64),
        "species": tf.constant(["Adelie", "Dodo"]),
        "island": tf.constant(["Dream", ""]),
        "year": tf.constant([2007, 1900], tf.float64),
    }
    found = serve(**given)
    expected = ["male" if score > 0 else "female" for score in np.asarray(found["output"])[:, 0]]
    assert [label.decode() for label in found["output_label"].numpy()] == expected


def test_images_windows_and_normalization(tmp_path: Path) -> None:
    digits = load_digits()
    path = tmp_path / "digits"
    data = _job.digits(path)
    subject = trained(
        path,
        data,
        data={"target": "label", "inputs": {"input": {"columns": ["image"], "encoding": "raw"}}},
        stack=layers(
            {"class_name": "Normalization"},
            {"class_name": "Conv2D", "filters": 2, "kernel_size": 3, "activation": "relu"},
            {"class_name": "Flatten"},
            units=10,
            activation="softmax",
            shape=[8, 8, 1],
        ),
    )
    for form in EXPORTS:
        assert written(subject, form, tmp_path)["parity"]["rows"] == 64, form
    assert len(digits.images) > 64

    times = "\n".join(["t,v", *(f"{n},{np.sin(n / 5):.4f}" for n in range(80))])
    path = tmp_path / "series"
    series = trained(
        path,
        _job.stored(path, times.encode()),
        data={
            "target": "v",
            "window": {"length": 4, "horizon": 1, "stride": 1, "key": None, "order": None},
            "split": {"by": "time", "validation": 0.2, "test": 0.0},
            "inputs": {"input": {"columns": ["v"], "encoding": "standard"}},
        },
        stack=layers({"class_name": "GRU", "units": 2}, units=1, activation=None, shape=[4, 1]),
        compile={"loss": "mse", "metrics": []},
    )
    for form in EXPORTS:
        assert written(series, form, tmp_path)["parity"]["max_abs"] < 1e-4, form


def test_what_cannot_be_held_is_refused_with_the_reason(
    texts: Trained, penguins: Trained, tmp_path: Path
) -> None:
    subject = Subject.load(Path(penguins["model"]))
    strings = keras.Sequential(
        [
            keras.layers.Input((1,), dtype="string", name="word"),
            keras.layers.StringLookup(vocabulary=["a"], output_mode="one_hot"),
            keras.layers.Dense(1),
        ]
    )
    stack = {"layers": [{"class_name": "Input", "name": "word"}]}
    for form in ("onnx", "litert"):
        with pytest.raises(Fault, match="takes them; encode the column") as caught:
            EXPORTS[form].write(Subject(stack, subject.encoder, strings), tmp_path / form)
        assert caught.value.code == "export-failed"


def test_other_numbers_are_no_parity() -> None:
    right = {"a": np.ones((3, 1), np.float32)}
    report = parity(right, {"a": right["a"] + np.float32(1e-5)}, "it 1")
    assert report["rows"] == 3
    assert report["max_abs"] == pytest.approx(1e-5, rel=0.05)
    for wrong in (right["a"] + 1, right["a"] * np.nan, right["a"][:2]):
        with pytest.raises(Fault, match=r"^it 1 "):
            parity(right, {"a": wrong}, "it 1")


def test_the_api_knows_the_forms() -> None:
    assert {name: form.suffix for name, form in EXPORTS.items()} == SUFFIXES
    assert {name: form.media for name, form in EXPORTS.items()} == MEDIA
    assert all(form.__doc__ for form in EXPORTS.values())
