"""Scripts, run by a child that has nothing of the service: the same arrays, the same training."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np
import polars as pl
import pytest

from engine.dataset.canonical import Dataset
from engine.dataset.dates import SPELT, as_written
from engine.dataset.encoder import Encoder
from engine.dataset.reading import MISSING, Reading
from engine.dataset.schema import Column, Schema
from engine.encodings import made
from engine.faults import Fault
from engine.formats import FORMATS
from engine.formats._workbook import workbook
from engine.script.pieces import PIECES
from engine.script.readers import READERS
from engine.script.readers._dates import FORMS, date_of
from engine.script.training import _callback
from engine.stack import build_network
from engine.tasks import check, code, train
from engine.training.compilation import build_callbacks
from engine.training.material import Material
from tests.engine._port import Recorder
from tests.engine.encodings.test_parity import CASES
from tests.engine.script.cases import MAKERS, NEWER, penguins
from tests.engine.silent import Silent
from tests.engine.training import _job

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
    plain = {name: one.astype("U") if one.dtype == object else one for name, one in arrays.items()}
    np.savez("arrays.npz", **plain)
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


def _as_others(folder: Path) -> dict[str, Path]:
    """The penguins in every other form of a table."""
    given = penguins().astype(object)
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
    blank = frozenset(one.column for one in encoder.targets.values() if one.blank)
    material = Material(payload, encoder, names, blank, Recorder())
    arrays = np.load(folder / "arrays.npz")
    for part, tensors in material.tensors().items():
        if not len(material.division.parts[part].rows):
            continue
        assert np.array_equal(arrays[f"rows/{part}"], material.division.parts[part].rows)
        for kind, group in (("x", tensors.x), ("y", tensors.y), ("w", tensors.weights)):
            for own, values in group.items():
                key = f"{kind}/{part}/" + (own if len(group) > 1 else "")
                wanted = np.asarray(values)
                wanted = wanted.astype("U") if wanted.dtype == object else wanted
                assert arrays[key].dtype == wanted.dtype
                assert np.array_equal(arrays[key], wanted), (part, kind, own)
    material.close()
    if not found["case"].trains:
        return
    told = json.loads((folder / "history.json").read_text())
    for key, values in told["history"].items():
        expected = [logs[key] for logs in found["epochs"] if key in logs]
        assert values == pytest.approx(expected, rel=2e-3, abs=1e-4), key
    assert told["evaluation"] == pytest.approx(found["metrics"], rel=2e-3, abs=1e-4)


@pytest.mark.long
@pytest.mark.parametrize("name", ["penguins", "digits", "series", *NEWER])
def test_a_script_trains_to_the_same_bits(name: str, tmp_path: Path) -> None:
    """History and weights, of processes of their own that were asked for determinism."""
    case = MAKERS[name](tmp_path / "data")
    body = {**case.body, "fit": {**case.body["fit"], "deterministic": True}}
    request = _planned(case.data, body)
    payload = _job.payload(case.data, request, tmp_path / "job", threads=None)
    (tmp_path / "spec.json").write_text(json.dumps(payload))
    job = _run(["-m", "engine", "train", str(tmp_path / "spec.json")], Path.cwd())
    events = [json.loads(line) for line in job.splitlines()]
    epochs = [one["logs"] for one in events if one["event"] == "epoch"]
    model = tmp_path / "job" / "model"
    _write(tmp_path, model, request, case.data["schema"], case.form)
    _run(["script.py", str(tmp_path / "data" / "upload")], tmp_path)
    told = json.loads((tmp_path / "history.json").read_text())
    for key, values in told["history"].items():
        assert values == [logs[key] for logs in epochs if key in logs], key
    ours = build_network(json.loads((model / "stack.json").read_text()))
    ours.load_weights(model / "network.weights.h5")
    theirs = keras.models.load_model(tmp_path / "model.keras")
    for mine, own in zip(ours.weights, theirs.weights, strict=True):
        assert np.array_equal(mine, own), mine.path


def _run(arguments: list[str], folder: Path) -> str:
    """What a process of Python prints."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


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
    folder = found["folder"]
    told = {"request": found["request"], "schema": found["case"].data["schema"]}
    payload = {"model": str(folder / "job" / "model"), **told, "title": "A script."}
    with pytest.raises(Fault, match="scripts read arrow") as caught:
        code.run({**payload, "format": "other"}, Silent())
    assert caught.value.code == "export-failed"


@pytest.mark.parametrize("reading", SPELT, ids=lambda reading: reading.name)
def test_dates_in_words_become_the_dates_of_the_service(reading: Reading) -> None:
    """Every reading has a form, and both make the same of whatever the reading takes."""
    form = FORMS[reading.name]
    read = {word: as_written(word, reading.name) for word in _DATES}
    taken = {word: date for word, (fits, date) in read.items() if fits}
    assert len(taken) >= 2
    assert {word: date_of(word, form) for word in taken} == taken


_DAYS = ("2024-03-05", "2024-3-5", "0987-12-31", "3/4/2024", "03-04-2024", "4.3.2024", "31.12.1969")
_CLOCKS = ("", " 9:05", "T09:05:07", " 23:59:59.5", "T1:02:03.1234567", " 00:00")
_ZONES = ("", "Z", " z", "+05:30", "-0130")
_DATES = [day + clock + zone for day in _DAYS for clock in _CLOCKS for zone in _ZONES]


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
