"""Scripts, run by a child that has nothing of the service: the same arrays, the same training."""

import copy
import io
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import polars as pl
import pytest
from palmerpenguins import load_penguins
from PIL import Image

from engine.dataset.canonical import Dataset
from engine.dataset.encoder import Encoder
from engine.dataset.reading import MISSING
from engine.dataset.schema import Column, Schema
from engine.encodings import made
from engine.faults import Fault
from engine.formats import FORMATS
from engine.formats._workbook import workbook
from engine.script.pieces import PIECES
from engine.script.readers import READERS
from engine.script.training import _callback
from engine.tasks import check, code, train
from engine.training.compilation import build_callbacks
from engine.training.material import Material
from tests.engine._port import Recorder
from tests.engine.encodings.test_parity import CASES
from tests.engine.silent import Silent
from tests.engine.training import _job
from tests.engine.training.test_text import TAIL, reviews
from tests.engine.training.test_windows import series

_DRIVER = """
import importlib.util, json, os, sys, numpy as np
for folder, data, trains in json.loads(sys.argv[1]):
    os.chdir(folder)
    spec = importlib.util.spec_from_file_location("script", folder + "/script.py")
    script = importlib.util.module_from_spec(spec)
    sys.modules["script"] = script
    spec.loader.exec_module(script)
    columns = script.read(data)
    arrays = {}
    for part, rows in script.divide(columns).items():
        found = script.encode(columns, rows, part == "training")
        arrays["rows/" + part] = rows
        for kind, one in zip("xyw", found):
            many = one if isinstance(one, dict) else {"": one}
            arrays.update({f"{kind}/{part}/{name}": value for name, value in many.items()})
    np.savez("arrays.npz", **arrays)
    open("parameters", "w").write(str(script.build().count_params()))
    sys.argv = ["script.py", data, "--out", "model.keras"]
    if trains:
        script.main()
"""


def objects(values: list[Any]) -> Any:
    """An array of objects."""
    out = np.empty(len(values), object)
    for place, value in enumerate(values):
        out[place] = value
    return out


VALUES: dict[str, Any] = {
    "number": np.array([1.5, -2.0, np.nan, 7.25, 0.0, 3.5, 11.0, np.nan]),
    "integer": np.array([3, 1, 2, 2, 7, 3, 9, 1]),
    "category": np.array(["b", "a", None, "b", "true", "c", "false", "e"], object),
    "text": np.array(["A b c", "the a b a", None, "é E e", "a", "", "zz b b", "x"], object),
    "tensor": np.arange(32, dtype=np.float32).reshape(8, 2, 2),
    "date": np.array(
        ["2024-01-31", None, "2023-12-31 23:59:59.5", "1969-02-28T12:00:00+05:30"] * 2, object
    ),
    "image": objects(
        [
            np.random.default_rng(n).integers(0, 255, (4 + n % 3, 6, 1 + 2 * (n % 2)), np.uint8)
            for n in range(8)
        ]
    ),
}


def _planned(data: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """The canonical request."""
    payload = {"schema": data["schema"], **body}
    request: dict[str, Any] = check.run(payload, Silent())["request"]
    return request


@dataclass(frozen=True)
class Case:
    """A training: its data, its request, the format of the data."""

    data: dict[str, Any]
    body: dict[str, Any]
    form: str
    trains: bool = False


def _penguins() -> Any:
    frame = load_penguins().drop(columns=["year"])
    return frame.assign(big=(frame["body_mass_g"] > 4000).astype(bool), n=range(len(frame)))


def _of_penguins(folder: Path) -> Case:
    body = {
        "data": {"dataset": "ds_x", "target": "species", "split": {"test": 0.2}},
        "stack": [
            {"class_name": "Dense", "units": 16, "activation": "relu", "name": "a-b"},
            {"class_name": "Dropout", "rate": 0.2},
            {"class_name": "Dense", "units": 3, "activation": "softmax"},
        ],
        "fit": {"epochs": 4, "batch_size": 16, "seed": 5, "class_weight": "balanced"},
        "compile": {
            "optimizer": {
                "class_name": "Adam",
                "learning_rate": {
                    "class_name": "CosineDecay",
                    "initial_learning_rate": 0.02,
                    "decay_steps": 100,
                },
            },
        },
        "callbacks": [
            {
                "class_name": "EarlyStopping",
                "monitor": "val_loss",
                "patience": 3,
                "restore_best_weights": True,
            }
        ],
    }
    data = _job.stored(folder, _penguins().to_csv(index=False).encode())
    return Case(data, body, "csv", trains=True)


def _of_digits(folder: Path) -> Case:
    body = {
        "data": {"dataset": "ds_x", "target": "label"},
        "stack": [
            {"class_name": "Conv2D", "filters": 4, "kernel_size": 3, "activation": "relu"},
            {"class_name": "BatchNormalization"},
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 10, "activation": "softmax"},
        ],
        "compile": {"loss": "sparse_categorical_crossentropy"},
        "fit": {"epochs": 2, "batch_size": 64, "seed": 3},
        "callbacks": [
            {"class_name": "LearningRateScheduler", "schedule": {"0": 0.003, "1": 0.0005}},
            {"class_name": "ModelCheckpoint", "monitor": "val_loss", "mode": "min"},
        ],
    }
    return Case(_job.digits(folder), body, "npz", trains=True)


def _of_texts(folder: Path) -> Case:
    tokens = {"class_name": "tokens", "length": 8, "max_tokens": 200}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "mood",
            "inputs": {"text": {"columns": ["review"], "encoding": tokens}},
        },
        "stack": [{"class_name": "Input", "name": "text", "shape": [8], "dtype": "int32"}, *TAIL],
        "fit": {"epochs": 1, "batch_size": 32, "seed": 1},
    }
    return Case(reviews(folder), body, "csv")


def _of_text_folder(folder: Path) -> Case:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("__MACOSX/._x", "no text")
        for number in range(24):
            word = ("good", "größer", "bad", "zäh")[number % 4]
            data = f"a {word} thing {number % 5}\n".encode(("utf-8", "cp1252")[number % 2])
            file.writestr(f"all/{('yes', 'no')[number % 4 // 2]}/{number}.txt", data)
    bag = {"class_name": "bag_of_words", "max_tokens": 20, "mode": "tf_idf"}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "label",
            "inputs": {"text": {"columns": ["text"], "encoding": bag}},
        },
        "stack": [{"class_name": "Dense", "units": 2, "activation": "softmax"}],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "text_folder")


def _of_images(folder: Path) -> Case:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as file:
        for number in range(20):
            picture = io.BytesIO()
            exif = Image.Exif()
            exif[0x0112] = 6 if number % 3 else 1
            pixels = np.random.default_rng(number).integers(0, 255, (9, 7, 3), np.uint8)
            how = ({"format": "PNG"}, {"format": "JPEG"})[number % 2]
            Image.fromarray(pixels).convert(("RGB", "L")[number % 4 // 2]).save(
                picture, exif=exif, **how
            )
            entry = tarfile.TarInfo(f"{'ab'[number % 2]}/{number}.png")
            entry.size = picture.tell()
            picture.seek(0)
            file.addfile(entry, picture)
    image = {"class_name": "image", "height": 6, "width": 8, "resize": "pad", "scale": "standard"}
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "label",
            "inputs": {"image": {"columns": ["image"], "encoding": image}},
        },
        "stack": [
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "image_folder")


def _of_labelled_images(folder: Path) -> Case:
    archive = io.BytesIO()
    lines = ["grade;file;kind"]
    with zipfile.ZipFile(archive, "w") as file:
        for number in np.random.default_rng(0).permutation(24).tolist():
            picture = io.BytesIO()
            Image.new("RGB", (4, 3), (number * 9, 50, number)).save(picture, "PNG")
            file.writestr(f"all/images/{number}.png", picture.getvalue())
            if number < 22:
                lines.append(f"{number / 2};images/{number}.png;{'xy'[number % 2]}")
        file.writestr("all/labels.csv", "\n".join(lines))
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "kind",
            "inputs": {"a": {"columns": ["image"]}, "b": {"columns": ["grade"]}},
        },
        "stack": [
            {"class_name": "Input", "name": "a", "shape": [3, 4, 3]},
            {"class_name": "Input", "name": "b", "shape": [1]},
            {"class_name": "Flatten", "name": "flat", "inputs": "a"},
            {"class_name": "Concatenate", "inputs": ["flat", "b"]},
            {"class_name": "Dense", "units": 2, "activation": "softmax"},
        ],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, archive.getvalue()), body, "image_folder")


def _of_series(folder: Path) -> Case:
    body = {
        "data": {
            "dataset": "ds_x",
            "target": "heat",
            "window": {"length": 5, "horizon": 2, "key": "town", "order": "t"},
        },
        "stack": [
            {"class_name": "Flatten"},
            {"class_name": "Dense", "units": 4, "activation": "tanh"},
            {"class_name": "Dense", "units": 1},
        ],
        "fit": {"epochs": 2, "batch_size": 16, "seed": 2},
    }
    return Case(series(folder), body, "csv", trains=True)


def _of_array(folder: Path) -> Case:
    file = io.BytesIO()
    np.save(file, np.random.default_rng(0).normal(size=(60, 4)).astype(">f4"))
    body = {
        "data": {"dataset": "ds_x", "target": "column_4"},
        "stack": [{"class_name": "Dense", "units": 1}],
        "fit": {"epochs": 1},
    }
    return Case(_job.stored(folder, file.getvalue()), body, "npy")


MAKERS = {
    "penguins": _of_penguins,
    "digits": _of_digits,
    "texts": _of_texts,
    "text folder": _of_text_folder,
    "images": _of_images,
    "labelled images": _of_labelled_images,
    "series": _of_series,
    "array": _of_array,
}


def _as_others(folder: Path) -> dict[str, Path]:
    """The penguins in every other form of a table."""
    given = _penguins().astype(object)
    given = given.where(given.notna(), None)
    frame = pl.DataFrame({name: given[name].to_list() for name in given})
    paths = {name: folder / name for name in ("rows.json", "lines.jsonl", "x.xlsx")}
    rows = frame.to_dicts()
    paths["rows.json"].write_text(json.dumps({"rows": rows}))
    paths["lines.jsonl"].write_text("\n".join(map(json.dumps, rows)))
    paths["x.xlsx"].write_bytes(workbook({"empty": [], "p": [frame.columns, *frame.rows()]}))
    paths |= {name: folder / name for name in ("x.parquet", "x.arrow")}
    frame.write_parquet(paths["x.parquet"])
    frame.write_ipc(paths["x.arrow"])
    return paths


_FORMS = {"json": "json_rows", "jsonl": "json_rows", "xlsx": "excel"}


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every case, trained by the service, and by scripts that one child runs in turn."""
    base = tmp_path_factory.mktemp("scripts")
    found: dict[str, Any] = {}
    asked = []
    for name, make in MAKERS.items():
        folder = base / name
        case = make(folder / "data")
        request = _planned(case.data, case.body)
        port = Recorder()
        payload = _job.payload(case.data, request, folder / "job")
        total = (_trained if case.trains else _prepared)(payload, port)
        _write(folder, folder / "job" / "model", request, case.data["schema"], case.form)
        asked.append((str(folder), str(folder / "data" / "upload"), case.trains))
        found[name] = {
            "case": case,
            "folder": folder,
            "request": request,
            **total,
            "epochs": [one["logs"] for one in port.named("epoch")],
        }
    others = base / "others"
    others.mkdir()
    penguins = found["penguins"]
    for name, path in _as_others(others).items():
        folder = base / f"as {name}"
        folder.mkdir()
        schema = _job.stored(folder, path.read_bytes(), name)["schema"]
        form = _FORMS.get(path.suffix[1:], path.suffix[1:])
        _write(folder, penguins["folder"] / "job" / "model", penguins["request"], schema, form)
        asked.append((str(folder), str(path), False))
        found[name] = {"folder": folder}
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", "-c", _DRIVER, json.dumps(asked)],
        env={**os.environ, "PYTHONPATH": "", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        cwd=base,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return found


def _trained(payload: dict[str, Any], port: Recorder) -> dict[str, Any]:
    result = train.run(payload, port)
    return {
        "parameters": result["parameters"]["total"],
        "metrics": result["evaluation"]["metrics"],
    }


def _prepared(payload: dict[str, Any], port: Recorder) -> dict[str, Any]:
    """What a training has learned of the data before its first epoch, without one."""
    training = train._Training(payload, port, {"kind": "cpu"})
    names = [name for asked in training.columns.values() for name in asked.columns]
    with closing(Material(payload, training.encoder, names, frozenset(), port)) as material:
        network, stack, _ = training._prepared(material)
    folder = training.out / "model"
    folder.mkdir()
    (folder / "stack.json").write_text(json.dumps(stack))
    (folder / "encoding.json").write_text(json.dumps(training.encoder.to_json()))
    return {"parameters": network.count_params()}


def _write(
    folder: Path, model: Path, request: dict[str, Any], schema: dict[str, Any], form: str
) -> None:
    told = {"request": request, "schema": schema, "format": form, "title": "A script."}
    text = code.run({"model": str(model), **told}, Silent())["code"]
    (folder / "script.py").write_text(text)


@pytest.mark.parametrize("name", MAKERS)
def test_a_script_trains_on_the_same(ran: dict[str, Any], name: str, tmp_path: Path) -> None:
    """Parameters, rows, encoded arrays and metrics of both."""
    found = ran[name]
    folder, data = found["folder"], found["case"].data
    assert int((folder / "parameters").read_text()) == found["parameters"]
    kept = json.loads((folder / "job" / "model" / "encoding.json").read_bytes())
    encoder = Encoder.from_json(kept)
    payload = _job.payload(data, found["request"], tmp_path / "again")
    names = [column for one in encoder.targets.values() for column in one.columns]
    material = Material(payload, encoder, names, frozenset(), Recorder())
    arrays = np.load(folder / "arrays.npz")
    for part, tensors in material.tensors().items():
        if not len(material.division.parts[part].rows):
            continue
        assert np.array_equal(arrays[f"rows/{part}"], material.division.parts[part].rows)
        for kind, group in (("x", tensors.x), ("y", tensors.y), ("w", tensors.weights)):
            for own, values in group.items():
                key = f"{kind}/{part}/" + (own if len(group) > 1 else "")
                assert arrays[key].dtype == np.asarray(values).dtype
                assert np.array_equal(arrays[key], np.asarray(values)), (part, kind, own)
    material.close()
    if not found["case"].trains:
        return
    told = json.loads((folder / "history.json").read_text())
    for key, values in told["history"].items():
        expected = [logs[key] for logs in found["epochs"] if key in logs]
        assert values == pytest.approx(expected, rel=2e-3, abs=1e-4), key
    assert told["evaluation"] == pytest.approx(found["metrics"], rel=2e-3, abs=1e-4)


def test_what_scripts_say(ran: dict[str, Any]) -> None:
    text = (ran["penguins"]["folder"] / "script.py").read_text()
    assert "What it cannot hold" in text
    assert "keras.optimizers.schedules.CosineDecay(" in text
    assert "NumPy, Pillow. What" in (ran["images"]["folder"] / "script.py").read_text()
    assert (ran["digits"]["folder"] / "best.weights.h5").exists()


@pytest.mark.parametrize("name", ["rows.json", "lines.jsonl", "x.xlsx", "x.parquet", "x.arrow"])
def test_tables_of_other_forms_become_the_same_arrays(ran: dict[str, Any], name: str) -> None:
    expected = np.load(ran["penguins"]["folder"] / "arrays.npz")
    found = np.load(ran[name]["folder"] / "arrays.npz")
    assert found.files == expected.files
    for key in expected.files:
        assert found[key].dtype == expected[key].dtype
        assert np.array_equal(found[key], expected[key]), key


@pytest.mark.parametrize("form", READERS)
def test_readers_read_as_formats_do(form: str, tmp_path: Path) -> None:
    data = _job.stored(tmp_path, FORMATS[form].example(), f"x{_ending(form)}")
    schema = Schema.from_json(data["schema"])
    columns = {one.name: (place, one.kind) for place, one in enumerate(schema.columns)}
    arguments = (str(tmp_path / "upload"), columns, *([MISSING] * ("ABSENT" in READERS[form].CALL)))
    found = getattr(READERS[form], f"read_{form}")(*arguments)
    dataset = Dataset(Path(data["data"]), schema)
    for name in columns:
        expected = dataset.values(name)
        assert found[name].dtype == expected.dtype, name
        if schema.column(name).kind == "image":
            assert all(np.array_equal(*pair) for pair in zip(found[name], expected, strict=True))
        else:
            np.testing.assert_array_equal(found[name], expected)


def _ending(form: str) -> str:
    return sorted(FORMATS[form].extensions)[0]


@pytest.mark.parametrize(
    "schedule",
    [
        [0.1, 0.05, 0.01],
        {"0": 0.1, "2": 0.01},
        {"1": 0.05},
        {"class_name": "ExponentialDecay", "initial_learning_rate": 0.1, "decay_steps": 2,
         "decay_rate": 0.5},
    ],
)  # fmt: skip
def test_schedules_of_learning_rates(schedule: Any) -> None:
    """The callback of a script gives the rates that ours gives."""
    source = _callback({"class_name": "LearningRateScheduler", "schedule": schedule})
    theirs = eval(source, {"keras": keras})
    (ours,) = build_callbacks([{"class_name": "LearningRateScheduler", "schedule": schedule}])
    for epoch in range(4):
        rates = []
        for one in (theirs, ours):
            try:
                rates.append(one.schedule(epoch, 0.5))
            except TypeError:  # as Keras does
                rates.append(one.schedule(epoch))
        assert rates[0] == pytest.approx(rates[1])


def test_what_no_script_holds_is_refused(ran: dict[str, Any]) -> None:
    found = ran["penguins"]
    told = {"request": found["request"], "title": "A script.", "format": "csv"}
    model = {"model": str(found["folder"] / "job" / "model")}
    schema = found["case"].data["schema"]
    spelled = copy.deepcopy(schema)
    for column in spelled["columns"]:
        column["written"] = "31.12.2024"
    for changes, words in (
        ({"format": "other"}, "scripts read arrow"),
        ({"schema": spelled}, "are spelled as 31.12.2024"),
    ):
        with pytest.raises(Fault, match=words) as caught:
            code.run({**model, "schema": schema, **told, **changes}, Silent())
        assert caught.value.code == "export-failed"


@pytest.mark.parametrize(
    ("name", "arguments"), [case for case in CASES if case[0] in PIECES], ids=str
)
@pytest.mark.parametrize("kind", VALUES)
def test_pieces_encode_as_encodings_do(name: str, arguments: dict[str, Any], kind: str) -> None:
    values = VALUES[kind]
    text = [None if value is None else str(value) for value in values.tolist()]
    known = sorted({one for one in text if one not in (None, "nan")})
    described = {"categories": known, "distinct": len(known), "missing": text.count("nan")}
    column = Column.from_json({"name": "c", "kind": kind, "dtype": "x", **described})
    encoding = made(name, **arguments)
    if encoding.complaint(column) is not None:
        return  # encodings take columns of some kinds only
    encoding.fit(values[:6], column)
    piece = PIECES[name]
    expected = encoding.transform(values)
    found = getattr(piece, name)(values, **piece.arguments(encoding))
    assert found.dtype == expected.dtype
    assert np.array_equal(found, expected)
