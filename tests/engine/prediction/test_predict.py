"""Raw records in, original labels out."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import palmerpenguins
import polars as pl
import pytest
from PIL import Image
from sklearn.datasets import load_diabetes, load_iris

from engine.dataset.encoder import Encoder
from engine.faults import Fault
from engine.prediction import predictor
from engine.tasks import predict, train
from tests.engine._port import Recorder
from tests.engine.training import _job


def trained(
    data: dict[str, Any], request: dict[str, Any], out: Path
) -> tuple[Path, dict[str, Any]]:
    result = train.run(_job.payload(data, request, out), Recorder())
    return out / "model", result


def ask(model: Path, records: Any) -> dict[str, Any]:
    return predict.run({"model": str(model), "digest": str(model), "records": records}, Recorder())


def ask_array(model: Path, array: Any, folder: Path) -> list[dict[str, Any]]:
    np.save(folder / "sent.npy", array)
    path = folder / "sent.npy"
    body = {"path": str(path), "media_type": "application/x-npy", "sizes": [path.stat().st_size]}
    payload = {"model": str(model), "digest": str(model), "body": body}
    found: list[dict[str, Any]] = predict.run(payload, Recorder())["predictions"]
    return found


@pytest.fixture(scope="module")
def iris_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that tells iris species."""
    folder = tmp_path_factory.mktemp("iris")
    return trained(_job.iris(folder), _job.iris_request(fit={"epochs": 25}), folder / "o")[0]


def dense(units: int, activation: str | None, features: int) -> dict[str, Any]:
    return {
        "layers": [
            {"class_name": "Input", "name": "input", "shape": [features]},
            {"class_name": "Dense", "name": "hidden", "units": 16, "activation": "relu"},
            {"class_name": "Dense", "name": "output", "units": units, "activation": activation},
        ]
    }


def test_iris_records_get_species_names(iris_model: Path) -> None:
    model = iris_model
    bunch = load_iris()
    rows = [dict(zip(_job.IRIS_COLUMNS, row, strict=True)) for row in bunch.data.tolist()]
    answer = ask(model, rows)
    assert answer["outputs"] == ["output"]
    names = bunch.target_names[bunch.target].tolist()
    labels = [one["label"] for one in answer["predictions"]]
    assert np.mean([a == b for a, b in zip(labels, names, strict=True)]) > 0.9
    first = answer["predictions"][0]
    assert list(first["scores"]) == ["setosa", "versicolor", "virginica"]
    assert sum(first["scores"].values()) == pytest.approx(1)
    assert first["scores"][first["label"]] == max(first["scores"].values())
    json.dumps(answer, allow_nan=False)
    assert ask(model, rows[:1])["predictions"][0]["label"] == first["label"]


def test_training_and_prediction_encode_alike(iris_model: Path) -> None:
    model = iris_model
    encoder = Encoder.from_json(json.loads((model / "encoding.json").read_text()))
    assert json.loads(json.dumps(encoder.to_json())) == json.loads(
        (model / "encoding.json").read_text()
    )
    values = np.array([5.1])
    one = encoder.feeds["input"].encode(dict.fromkeys(_job.IRIS_COLUMNS, values))
    state = encoder.to_json()["inputs"]["input"]["encodings"][0]["state"]
    assert one[0, 0] == pytest.approx((5.1 - state["mean"]) / state["std"])


def test_encodings_are_fitted_on_the_rows_of_the_training_part_alone(iris_model: Path) -> None:
    table = pl.read_parquet(iris_model.parent / "split.parquet")
    rows = table.filter(pl.col("part") == "training")["row"].to_numpy()
    assert len(rows) == 120
    kept = json.loads((iris_model / "encoding.json").read_text())["inputs"]["input"]["encodings"]
    values = load_iris().data
    means = [encoding["state"]["mean"] for encoding in kept]
    assert means == pytest.approx(values[rows].mean(axis=0), abs=1e-12)
    assert means != pytest.approx(values.mean(axis=0), abs=1e-12)


@pytest.mark.parametrize(
    ("records", "items"),
    [
        ([], [("/records", "bad-type")]),
        ([3], [("/records/0", "bad-type")]),
        ([{}], [(f"/records/0/{name}", "missing-field") for name in _job.IRIS_COLUMNS]),
    ],
)
def test_malformed_records(records: Any, items: list[tuple[str, str]], iris_model: Path) -> None:
    model = iris_model
    with pytest.raises(Fault) as caught:
        ask(model, records)
    assert caught.value.code == "invalid-request"
    assert [(item.pointer, item.code) for item in caught.value.items] == items
    good = dict.fromkeys(_job.IRIS_COLUMNS, 1.0)
    for value in ("1", True, [1], {}):
        with pytest.raises(Fault) as caught:
            ask(model, [good, {**good, "petal width (cm)": value}])
        assert caught.value.items[0].pointer == "/records/1/petal width (cm)"
    with pytest.raises(Fault) as caught:
        ask(model, [{**good, "petal widht (cm)": 1}])
    assert caught.value.items[0].did_you_mean[0] == "petal width (cm)"


def test_arrays_of_numbers(iris_model: Path, tmp_path: Path) -> None:
    rows = load_iris().data[:3]
    records = [dict(zip(_job.IRIS_COLUMNS, row, strict=True)) for row in rows.tolist()]
    records[1][_job.IRIS_COLUMNS[2]] = None  # type: ignore[assignment]
    rows[1, 2] = np.nan
    answers = ask(iris_model, records)["predictions"]
    assert ask_array(iris_model, rows, tmp_path) == answers
    assert ask_array(iris_model, rows.astype(">f8"), tmp_path) == answers
    assert ask_array(iris_model, rows[0], tmp_path) == answers[:1]
    for array, pointer, told in (
        (rows[:, :3], "", "shape [3, 3]; the model takes [records, 4], or [4] for one"),
        (rows[:0], "", "shape [0, 4]"),
        (rows.astype(str), "", "numbers are taken"),
        (np.full((2, 4), np.inf), f"/0/{_job.IRIS_COLUMNS[0]}", "finite"),
    ):
        with pytest.raises(Fault) as caught:
            ask_array(iris_model, array, tmp_path)
        assert caught.value.items[0].pointer == pointer
        assert told in caught.value.detail


def test_penguins_with_missing_values_and_two_classes(tmp_path: Path) -> None:
    frame = palmerpenguins.load_penguins()
    data = _job.stored(tmp_path, frame.to_csv(index=False).encode())
    columns = ["bill_length_mm", "body_mass_g", "species", "island", "year"]
    refusing = {"class_name": "one_hot", "unknown": "refuse"}
    encodings: list[Any] = ["standard", "standard", refusing, "index", "standard"]
    request = _job.iris_request(
        data={"target": "sex", "inputs": {"input": {"columns": columns, "encoding": encodings}}},
        stack=dense(1, None, 7),
        compile={
            "loss": {"class_name": "BinaryCrossentropy", "from_logits": True},
            "metrics": [{"class_name": "BinaryAccuracy", "threshold": 0.0}],
        },
        fit={"epochs": 12, "class_weight": {"male": 2, "female": 1}},
    )
    model, result = trained(data, request, tmp_path / "o")
    assert result["evaluation"]["metrics"]["binary_accuracy"] > 0.7
    record = {
        "bill_length_mm": None,
        "body_mass_g": 6000,
        "species": "Gentoo",
        "island": "Atlantis",
        "year": 2008,
    }
    light = {**record, "species": "Adelie", "body_mass_g": 3000, "bill_length_mm": 35.0}
    answers = ask(model, [record, light])["predictions"]
    assert [answer["label"] for answer in answers] == ["male", "female"]
    assert 0.5 < answers[0]["scores"]["male"] <= 1
    assert answers[0]["scores"]["male"] + answers[0]["scores"]["female"] == pytest.approx(1)
    with pytest.raises(Fault, match="no 'Emperor'") as caught:
        ask(model, [record, {**record, "species": "Emperor"}])
    assert [item.pointer for item in caught.value.items] == ["/records/1/species"]
    with pytest.raises(Fault, match=r"'species' \(category\).*: send JSON") as caught:
        ask_array(model, np.zeros((1, 5)), tmp_path)
    assert caught.value.code == "unsupported-media-type"


def test_numbers_are_predicted_as_numbers(tmp_path: Path) -> None:
    frame = load_diabetes(as_frame=True).frame
    data = _job.stored(tmp_path, frame.to_csv(index=False).encode())
    columns = list(frame.columns[:-1])
    request = _job.iris_request(
        data={
            "target": "target",
            "inputs": {"input": {"columns": columns, "encoding": "standard"}},
            "split": {"by": "random", "validation": 0.2, "test": 0},
        },
        stack=dense(1, None, 10),
        compile={"loss": "mean_squared_error", "metrics": ["mae"],
                 "optimizer": {"class_name": "Adam", "learning_rate": 0.05}},
        fit={"epochs": 15},
    )  # fmt: skip
    model, _ = trained(data, request, tmp_path / "o")
    record = {name: float(frame[name].iloc[0]) for name in columns}
    value = ask(model, [record])["predictions"][0]["value"]
    assert isinstance(value, float)
    assert 20 < value < 350


def test_integer_labels_come_back_as_integers_and_arrays_go_in(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    rng = np.random.default_rng(0)
    label = np.repeat([3, 5], 40)
    x = rng.normal(size=(80, 2, 2)) + label[:, None, None]
    np.savez(buffer, x=x, label=label)
    data = _job.stored(tmp_path, buffer.getvalue())
    request = _job.iris_request(
        data={"target": "label", "inputs": {"input": {"columns": ["x"], "encoding": "raw"}}},
        stack={
            "layers": [
                {"class_name": "Input", "name": "input", "shape": [2, 2]},
                {"class_name": "Flatten", "name": "flat"},
                {"class_name": "Dense", "name": "output", "units": 2, "activation": "softmax"},
            ]
        },
        compile={"loss": "categorical_crossentropy",
                 "optimizer": {"class_name": "Adam", "learning_rate": 0.1}},
        fit={"epochs": 15},
    )  # fmt: skip
    model, _ = trained(data, request, tmp_path / "o")
    answers = ask(model, [{"x": [[3, 3], [3, 3]]}, {"x": [[5, 5], [5, 5]]}])["predictions"]
    assert [answer["label"] for answer in answers] == [3, 5]
    with pytest.raises(Fault, match=r"shape \[2, 2\]"):
        ask(model, [{"x": [1, 2]}])
    sent = np.array([[[3, 3], [3, 3]], [[5, 5], [5, 5]]], np.float16)
    assert ask_array(model, sent, tmp_path) == answers
    assert ask_array(model, sent[1].astype(int), tmp_path) == answers[1:]
    with pytest.raises(Fault, match=r"\[3, 2\]; the model takes \[records, 2, 2\]"):
        ask_array(model, np.zeros((3, 2)), tmp_path)
    sent[1, 0, 0] = np.nan
    with pytest.raises(Fault) as caught:
        ask_array(model, sent, tmp_path)
    assert [item.pointer for item in caught.value.items] == ["/1/x"]


def test_images_go_in_as_data_uris(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)

    def picture(level: int) -> bytes:
        buffer = io.BytesIO()
        pixels = np.clip(rng.normal(level, 20, (9, 7, 3)), 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(buffer, format="PNG")
        return buffer.getvalue()

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(30):
            file.writestr(f"dark/{number}.png", picture(40))
            file.writestr(f"light/{number}.png", picture(210))
    data = _job.stored(tmp_path, archive.getvalue())
    encoding = {"class_name": "image", "height": 8, "width": 8, "channels": 1}
    request = _job.iris_request(
        data={"target": None, "inputs": {"input": {"columns": ["image"], "encoding": [encoding]}}},
        stack={
            "layers": [
                {"class_name": "Input", "name": "input", "shape": [8, 8, 1]},
                {"class_name": "Conv2D", "name": "conv", "filters": 4, "kernel_size": 3},
                {"class_name": "GlobalAveragePooling2D", "name": "pool"},
                {"class_name": "Dense", "name": "output", "units": 1, "activation": "sigmoid"},
            ]
        },
        compile={"loss": "binary_crossentropy",
                 "optimizer": {"class_name": "Adam", "learning_rate": 0.1}},
        fit={"epochs": 15},
    )  # fmt: skip
    model, result = trained(data, request, tmp_path / "o")
    assert result["evaluation"]["metrics"]["accuracy"] == 1
    values = [
        "data:image/png;base64," + base64.b64encode(picture(40)).decode(),
        base64.b64encode(picture(210)).decode(),
    ]
    answers = ask(model, [{"image": value} for value in values])["predictions"]
    assert [answer["label"] for answer in answers] == ["dark", "light"]
    for bad in ("data:image/png,x", "???", base64.b64encode(b"nonsense").decode(), None, 3):
        with pytest.raises(Fault) as caught:
            ask(model, [{"image": bad}])
        assert caught.value.items[0].pointer == "/records/0/image"


def test_the_last_networks_stay_loaded(iris_model: Path) -> None:
    model = iris_model
    first = predictor.loaded(model, "a")
    assert predictor.loaded(Path("/nowhere"), "a") is first
    for digest in "bcde":
        predictor.loaded(model, digest)
    assert predictor.loaded(model, "a") is not first
