"""Training on time series: no leak across borders, the same numbers in training and prediction."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.tasks import check, evaluate_dataset, predict, train
from engine.training.parts import Source, divide
from tests.engine._port import Recorder
from tests.engine.training._job import payload, stored

STACK = [{"class_name": "LSTM", "units": 4}, {"class_name": "Dense", "units": 1}]
WINDOW = {"length": 5, "horizon": 2}


def series(folder: Path, rows: int = 120) -> dict[str, Any]:
    """Two towns whose temperature swings, the days out of order, a gap here and there."""
    rng = np.random.default_rng(0)
    lines = []
    for day in rng.permutation(rows // 2):
        for place, town in enumerate(("north", "south")):
            value = np.sin(day / 5 + place) + 0.1 * rng.normal()
            shown = "" if day % 17 == 3 else f"{value:.4f}"
            lines.append(f"{town},{day},{shown},{rng.integers(0, 3)}")
    return stored(folder, ("town,t,heat,wind\n" + "\n".join(lines) + "\n").encode())


def planned(data: dict[str, Any], **section: Any) -> dict[str, Any]:
    window = {**WINDOW, "key": "town", "order": "t"}
    given = {"dataset": "ds_x", "target": "heat", "window": window, **section}
    body = {"stack": STACK, "schema": data["schema"], "data": given, "fit": {"epochs": 2}}
    return check.run(body, Recorder())


def test_the_plan_fills_everything_in_and_is_its_own_plan(tmp_path: Path) -> None:
    data = series(tmp_path)
    plan = planned(data)
    request = plan["request"]["data"]
    assert request["window"] == {**WINDOW, "stride": 1, "key": "town", "order": "t"}
    assert request["split"]["by"] == "time"
    assert request["inputs"]["input"]["columns"] == ["heat", "wind"], "the target's past included"
    assert plan["layers"][0]["output_shape"] == [None, 5, 2]
    again = {**plan["request"], "schema": data["schema"]}
    assert check.run(again, Recorder())["request"] == plan["request"]


@pytest.mark.parametrize("by", ["time", "group", "random"])
def test_nothing_leaks_across_a_border_of_time(tmp_path: Path, by: str) -> None:
    data = series(tmp_path)
    split = {"by": by, "validation": 0.2, "test": 0.0 if by == "group" else 0.2}
    split |= {"column": {"time": "t", "group": "town"}.get(by)}
    request = planned(data, split=split)["request"]
    division = divide(payload(data, request, tmp_path / "out"), ["heat"])
    schema = Schema.from_json(data["schema"])
    times = division.parts["training"].dataset.values("t")
    towns = division.parts["training"].dataset.values("town")
    touched = {}
    for part, source in division.parts.items():
        assert len(source.rows) or (by, part) == ("group", "test")
        layout = source.layout
        assert layout is not None
        touched[part] = {*layout.seen.tolist(), *source.rows.tolist()}
    assert sum(map(len, touched.values())) <= schema.rows or by == "random"
    spans = {part: [times[row] for row in rows] for part, rows in touched.items()}
    apart = max(spans["training"]) < min(spans["validation"])
    assert bool(apart) is (by == "time")
    if by == "time":
        assert max(spans["validation"]) < min(spans["test"])
    if by == "group":
        assert not {towns[row] for row in touched["training"]} & {
            towns[row] for row in touched["validation"]
        }


def test_prediction_sees_what_training_saw(tmp_path: Path) -> None:
    data = series(tmp_path)
    request = planned(data)["request"]
    told = payload(data, request, tmp_path / "out")
    port = Recorder()
    result = train.run(told, port)
    assert result["evaluation"]["baseline"]["predictor"] in ("last-value", "mean")
    assert port.named("started")[0]["rows"]["training"] > 0
    source = divide(told, ["heat"]).parts["validation"]
    _check_forecast(tmp_path / "out" / "evaluation" / "report.json", source)
    model = str(tmp_path / "out" / "model")
    encoding = json.loads((tmp_path / "out" / "model" / "encoding.json").read_text())
    assert encoding["window"]["length"] == 5
    layout, dataset = source.layout, source.dataset
    assert layout is not None
    heat, wind = dataset.values("heat"), dataset.values("wind")
    for start in layout.starts[:3]:
        rows = layout.order[start : start + 5]
        records = [
            {"heat": None if np.isnan(heat[row]) else heat[row], "wind": int(wind[row])}
            for row in rows
        ]
        asked = {"model": model, "digest": model, "records": records}
        (one,) = predict.run(asked, Recorder())["predictions"]
        more = predict.run({**asked, "records": [*records, records[0]]}, Recorder())["predictions"]
        assert len(more) == 2, "one for each window over the records"
        assert more[0]["value"] == pytest.approx(one["value"], abs=1e-6)
        with pytest.raises(Fault, match="5 consecutive records"):
            predict.run({**asked, "records": records[:4]}, Recorder())

    judged = evaluate_dataset.run(
        {**data, "request": request, "model": model, "out": str(tmp_path / "judged")}, Recorder()
    )["evaluation"]
    whole = divide({**told, "request": _undivided(request)}, ["heat"]).parts["training"]
    assert judged["rows"] == len(whole.rows) > len(source.rows)
    report = tmp_path / "judged" / "evaluation" / "report.json"
    assert json.loads(report.read_text())["part"] == "dataset"


def _undivided(request: dict[str, Any]) -> dict[str, Any]:
    split = {"by": "random", "validation": 0.0, "test": 0.0}
    return {**request, "data": {**request["data"], "split": split}}


def _check_forecast(path: Path, source: Source) -> None:
    """One town's days in their order, and what was measured on each."""
    forecast = json.loads(path.read_text())["outputs"]["dense"]["forecast"]
    days, heat, towns = (source.dataset.values(name) for name in ("t", "heat", "town"))
    rows = forecast["rows"]
    assert set(rows) <= set(source.rows.tolist())
    assert {towns[row] for row in rows} == {forecast["series"]}
    assert forecast["at"] == sorted(forecast["at"]) == [days[row] for row in rows]
    assert forecast["true"] == pytest.approx([heat[row] for row in rows])
    assert len(forecast["predicted"]) == len(rows) >= 5


@pytest.mark.parametrize(
    ("section", "pointer", "code"),
    [
        ({"window": {"length": 500}}, "/data/window/length", "too-few-rows"),
        ({"window": {"length": 5, "key": "towm"}}, "/data/window/key", "unknown-column"),
        ({"window": {"length": 5, "key": "heat"}}, "/data/window/key", "bad-value"),
        ({"window": {"length": 5, "order": "heat"}}, "/data/window/order", "bad-value"),
        ({"split": {"by": "group"}}, "/data/split/column", "missing-field"),
        ({"split": {"by": "random", "column": "t"}}, "/data/split/column", "bad-value"),
        ({"split": {"by": "column", "column": "town"}}, "/data/split/column", "bad-value"),
        ({"split": {"by": "time", "column": "town"}}, "/data/split/column", "bad-value"),
        ({"split": {"by": "tyme"}}, "/data/split/by", "bad-value"),
    ],
)
def test_what_cannot_be_done_is_refused_at_its_place(
    tmp_path: Path, section: dict[str, Any], pointer: str, code: str
) -> None:
    with pytest.raises(Fault) as caught:
        planned(series(tmp_path), **section)
    assert (caught.value.items[0].pointer, caught.value.items[0].code) == (pointer, code)
