"""The evaluation of a trained network, compared with its predictions as clients get them."""

import json
from pathlib import Path

import pytest
from sklearn import metrics

from engine.prediction.predictor import Predictor
from engine.tasks import train
from engine.training.parts import divide
from tests.engine._port import Recorder
from tests.engine.training import _job


def test_it_is_what_scikit_learn_makes_of_the_predictions(tmp_path: Path) -> None:
    split = {"by": "stratified", "validation": 0.2, "test": 0.3}
    request = _job.iris_request(data={"split": split})
    told = _job.payload(_job.iris(tmp_path), request, tmp_path / "out")
    brief = train.run(told, Recorder())["evaluation"]
    report = json.loads((tmp_path / "out" / "evaluation" / "report.json").read_text())
    found = report["outputs"]["output"]
    assert report["part"] == brief["part"] == "test"
    assert report["metrics"] == brief["metrics"]

    source = divide(told, ["species"]).parts["test"]
    columns = {name: source.dataset.values(name) for name in _job.IRIS_COLUMNS}
    records = [
        {name: float(values[row]) for name, values in columns.items()} for row in source.rows
    ]
    answers = Predictor(tmp_path / "out" / "model").answer(records)
    truth = [str(value) for value in source.dataset.values("species", source.rows)]
    said = [answer["label"] for answer in answers]
    labels = found["confusion"]["labels"]
    scores = [[answer["scores"][label] for label in labels] for answer in answers]
    assert found["confusion"]["counts"] == metrics.confusion_matrix(truth, said).tolist()
    f1 = metrics.f1_score(truth, said, average="macro", zero_division=0)
    assert found["averages"]["macro"]["f1"] == pytest.approx(f1)
    area = metrics.roc_auc_score(truth, scores, multi_class="ovr", labels=labels)
    assert found["metrics"]["roc_auc"] == pytest.approx(area, abs=1e-6)
    assert found["metrics"]["accuracy"] == pytest.approx(brief["metrics"]["accuracy"])
    assert found["metrics"]["log_loss"] == pytest.approx(brief["metrics"]["loss"], abs=1e-4)
    worst = found["worst"][0]
    place = source.rows.tolist().index(worst["row"])
    assert (worst["true"], worst["predicted"]) == (truth[place], said[place])
