"""Each kind of evaluation against scikit-learn, on chunks of made-up and of hostile outputs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from engine.dataset.canonical import Dataset
from engine.dataset.schema import Schema
from engine.evaluation.finite import finite
from engine.evaluation.kinds import KINDS, Task, kind_of
from engine.targets import TargetEncoding
from engine.training.parts import Source

RNG = np.random.default_rng(3)


def source(rows: int) -> Source:
    """Rows of a dataset that lie apart from one another."""
    return Source(Dataset(Path("/nowhere"), Schema(rows, [])), np.arange(rows) * 3 + 1)


def judged(
    target: TargetEncoding,
    y: Any,
    outputs: Any,
    loss: str = "",
    logits: bool = False,
    chunk: int = 37,
) -> dict[str, Any]:
    """What the kind that fits says, the rows coming in chunks; JSON takes it."""
    kind = kind_of(Task(target, y, outputs.shape[1:], loss, logits, source(len(y))))
    for start in range(0, len(y), chunk):
        kind.add(start, y[start : start + chunk], outputs[start : start + chunk])
    found: dict[str, Any] = finite(kind.answer())
    json.dumps(found, allow_nan=False)
    return found


def softmax(numbers: Any) -> Any:
    powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_numbers_is_the_last_resort() -> None:
    assert list(KINDS)[-1] == "numbers"


@pytest.mark.parametrize("logits", [False, True])
def test_classes_as_scikit_learn_counts_them(logits: bool) -> None:
    names: list[str | int | bool] = ["a", "b", "c", "d"]
    truth = RNG.choice(4, 500, p=[0.5, 0.3, 0.15, 0.05]).astype(np.int32)
    raw = RNG.normal(size=(500, 4)) + 1.5 * np.eye(4)[truth]
    scores = softmax(raw)
    target = TargetEncoding("kind", "index", names, "softmax" if logits else None)
    found = judged(target, truth, (raw if logits else scores).astype(np.float32))
    said = scores.argmax(axis=1)
    expected = metrics.classification_report(truth, said, output_dict=True, zero_division=0)
    for number, line in enumerate(found["classes"]):
        mine = {"precision": line["precision"], "recall": line["recall"], "f1-score": line["f1"]}
        theirs = expected[str(number)]
        assert mine == pytest.approx({key: theirs[key] for key in mine})
        assert line["support"] == theirs["support"]
        area = metrics.roc_auc_score(truth == number, scores[:, number])
        average = metrics.average_precision_score(truth == number, scores[:, number])
        assert line["roc_auc"] == pytest.approx(area, abs=1e-6)
        assert line["average_precision"] == pytest.approx(average, abs=1e-5)
    for name in ("macro", "weighted"):
        assert found["averages"][name]["f1"] == pytest.approx(expected[f"{name} avg"]["f1-score"])
    assert found["confusion"]["counts"] == metrics.confusion_matrix(truth, said).tolist()
    assert found["metrics"]["accuracy"] == pytest.approx(metrics.accuracy_score(truth, said))
    balanced = metrics.balanced_accuracy_score(truth, said)
    assert found["metrics"]["balanced_accuracy"] == pytest.approx(balanced)
    assert found["metrics"]["log_loss"] == pytest.approx(metrics.log_loss(truth, scores), abs=1e-5)
    area = metrics.roc_auc_score(truth, scores, multi_class="ovr", average="macro")
    assert found["metrics"]["roc_auc"] == pytest.approx(area, abs=1e-6)
    losses = -np.log(scores[np.arange(500), truth])
    assert [one["row"] for one in found["worst"]] == (np.argsort(-losses)[:16] * 3 + 1).tolist()
    assert found["worst"][0]["true"] == names[truth[losses.argmax()]]


def test_two_classes_with_thresholds_and_calibration() -> None:
    truth = (RNG.random(400) < 0.3).astype(np.float32)[:, None]
    scores = np.clip(truth * 0.3 + RNG.random((400, 1)) * 0.7, 0, 1).astype(np.float32)
    found = judged(TargetEncoding("yes", "binary", ["no", "yes"]), truth, scores)
    assert found["positive"] == "yes"
    assert found["roc"][0]["area"] == pytest.approx(metrics.roc_auc_score(truth, scores))
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(truth[:, 0], scores[:, 0]))
    line = found["thresholds"][9]
    assert line["threshold"] == 0.5
    assert line["f1"] == pytest.approx(metrics.f1_score(truth, scores >= 0.5))
    assert sum(one["rows"] for one in found["calibration"]) == 400


def test_masks_are_counted_by_element() -> None:
    truth = (RNG.random((12, 8, 8, 1)) < 0.2).astype(np.float32)
    scores = np.clip(truth * 0.6 + RNG.random(truth.shape) * 0.4, 0, 1).astype(np.float32)
    found = judged(TargetEncoding("mask", "raw"), truth, scores, "binary_crossentropy", chunk=5)
    assert (found["kind"], found["rows"], found["elements"]) == ("classes", 12, 12 * 64)
    area = metrics.roc_auc_score(truth.ravel(), scores.ravel())
    assert found["roc"][0]["area"] == pytest.approx(area)
    assert set(found["worst"][0]) == {"row", "wrong", "loss"}


def test_a_thousand_classes_stay_small() -> None:
    truth = RNG.integers(0, 1000, 3000).astype(np.int32)
    found = judged(
        TargetEncoding("id", "index", [*map(str, range(1000))]),
        truth,
        RNG.random((3000, 1000)).astype(np.float32),
        chunk=1000,
    )
    assert found["confusion"] is None
    assert len(found["confusions"]) == 20
    assert (len(found["classes"]), found["classes_left_out"]) == (100, 900)
    assert len(json.dumps(found)) < 200_000


def test_labels_as_scikit_learn_counts_them() -> None:
    truth = (RNG.random((300, 3)) < (0.5, 0.2, 0.1)).astype(np.float32)
    scores = np.clip(truth * 0.4 + RNG.random(truth.shape) * 0.6, 0, 1).astype(np.float32)
    found = judged(TargetEncoding("tags", "raw"), truth, scores, "binary_crossentropy")
    said = scores >= 0.5
    assert found["kind"] == "labels"
    expected = metrics.f1_score(truth, said, average=None)
    assert [one["f1"] for one in found["classes"]] == pytest.approx(expected)
    macro = metrics.f1_score(truth, said, average="macro")
    assert found["averages"]["macro"]["f1"] == pytest.approx(macro)
    assert found["metrics"] == pytest.approx(
        {
            "exact_match": metrics.accuracy_score(truth, said),
            "hamming_loss": metrics.hamming_loss(truth, said),
            "micro_f1": metrics.f1_score(truth, said, average="micro"),
        }
    )


@pytest.mark.parametrize("width", [1, 3])
def test_numbers_as_scikit_learn_measures_them(width: int) -> None:
    truth = (RNG.normal(size=(250, width)) * 20 + 100).astype(np.float32)
    said = truth + RNG.normal(size=truth.shape).astype(np.float32) * 5
    found = judged(TargetEncoding("y", "raw"), truth, said, "mse")
    wrong = {
        "mae": metrics.mean_absolute_error(truth, said),
        "rmse": metrics.root_mean_squared_error(truth.ravel(), said.ravel()),
        "r2": metrics.r2_score(truth, said),
        "mape": metrics.mean_absolute_percentage_error(truth, said),
        "median_absolute_error": metrics.median_absolute_error(truth.ravel(), said.ravel()),
        "max_error": metrics.max_error(truth.ravel(), said.ravel()),
    }
    assert {key: found["metrics"][key] for key in wrong} == pytest.approx(wrong, rel=1e-5)
    assert sum(found["residuals"]["counts"]) == 250 * width
    assert len(found["positions"] or []) == (3 if width > 1 else 0)
    assert found["sample"]["rows"][0] == 1


def test_outputs_that_are_no_numbers_do_not_break_the_answer() -> None:
    truth = np.arange(40, dtype=np.int32) % 2
    scores = np.full((40, 2), np.nan, np.float32)
    found = judged(TargetEncoding("k", "index", ["a", "b"]), truth, scores)
    assert found["metrics"]["log_loss"] is None
    said = np.full((40, 1), np.inf, np.float32)
    found = judged(TargetEncoding("y", "raw"), truth[:, None].astype(np.float32), said, "mse")
    assert found["metrics"]["mae"] is None
    assert found["residuals"] is None


def test_images_are_judged_by_element_and_stay_small() -> None:
    truth = RNG.random((30, 32, 32, 3)).astype(np.float32)
    found = judged(TargetEncoding("image", "raw"), truth, truth * 0.9, "mse", chunk=7)
    assert found["elements"] == truth.size
    assert found["metrics"]["mae"] == pytest.approx(np.abs(truth * 0.1).mean(), rel=1e-5)
    assert set(found["worst"][0]) == {"row", "loss"}
    assert len(json.dumps(found)) < 100_000
