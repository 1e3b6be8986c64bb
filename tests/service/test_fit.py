"""What `compile`, `fit` and `callbacks` ask for, over HTTP, beside the same in plain Keras."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx2
import numpy as np
import pytest

from engine.training import checkpoint
from tests.fixtures.databases import ROOT
from tests.fixtures.service import Service
from tests.service.jobs import await_job, events
from tests.service.parted import FEATURES, rows

ADAM = {"class_name": "Adam", "learning_rate": 0.01}
KIND = {"class_name": "Dense", "name": "kind", "units": 3, "activation": "softmax"}
STACK = [
    {"class_name": "Dense", "units": 8, "activation": "relu"},
    {"class_name": "Dropout", "name": "dropped", "rate": 0.2},
    KIND,
]
COSINE = {
    "class_name": "CosineDecay",
    "initial_learning_rate": 0.001,
    "decay_steps": 20,
    "warmup_target": 0.05,
    "warmup_steps": 10,
}
WATCHED = {"monitor": "val_loss", "min_delta": 0.3}
RESTORED = {"restore_best_weights": True}
AVERAGED = {"class_name": "Adam", "learning_rate": 0.02, "use_ema": True, "ema_momentum": 0.8}


def _by(class_name: str, rate: float = 0.02, **more: Any) -> dict[str, Any]:
    return {"compile": {"optimizer": {"class_name": class_name, "learning_rate": rate, **more}}}


def _until(monitor: str, value: float) -> dict[str, Any]:
    return {"fit": {"until": {"monitor": monitor, "value": value}}}


SHORT: dict[str, dict[str, Any]] = {
    "clipped, with rates by epoch": {
        **_by("SGD", 0.1, momentum=0.9, nesterov=True, clipnorm=0.1),
        "callbacks": [{"class_name": "LearningRateScheduler", "schedule": [0.2, 0.1, 0.01]}],
    },
    "accumulated, with weights of classes": {
        **_by("Adam", 0.05, gradient_accumulation_steps=3),
        "fit": {"class_weight": {"setosa": 1.0, "versicolor": 0.2, "virginica": 3.0}},
    },
    "scheduled and balanced": {
        "compile": {"optimizer": {"class_name": "SGD", "learning_rate": COSINE}},
        "fit": {"class_weight": "balanced"},
    },
    "averaged": {"compile": {"optimizer": {**AVERAGED, "ema_overwrite_frequency": 4}}},
    "outputs": {
        "data": {"target": {"kind": "species", "size": "petal width"}, "sample_weight": "weight"},
        "stack": [*STACK, {"class_name": "Dense", "name": "size", "units": 1, "inputs": "dropped"}],
        "compile": {
            "loss": {"kind": "sparse_categorical_crossentropy", "size": "huber"},
            "loss_weights": {"kind": 1.0, "size": 0.3},
            "metrics": {"kind": ["accuracy"], "size": ["mae"]},
            "weighted_metrics": {"size": ["mse"]},
        },
    },
    "slowed, then stopped": {
        **_by("SGD", 0.3),
        "callbacks": [
            {"class_name": "ReduceLROnPlateau", **WATCHED, "factor": 0.3, "patience": 1},
            {"class_name": "EarlyStopping", **WATCHED, "patience": 2, **RESTORED},
        ],
    },
    "until an accuracy": {**_by("Adam"), **_until("val_accuracy", 0.9)},
}
LONG: dict[str, dict[str, Any]] = {
    "clipped globally": _by("Adam", 0.05, global_clipnorm=0.05),
    "clipped by value": _by("RMSprop", 0.01, clipvalue=0.01),
    "swapped": {"compile": {"optimizer": AVERAGED}, "callbacks": ["SwapEMAWeights"]},
    "decayed": _by("AdamW", weight_decay=0.1),
    "weighted rows": {
        "data": {"sample_weight": "weight"},
        "compile": {"weighted_metrics": ["accuracy"]},
    },
    "many at once": {"compile": {"steps_per_execution": 3}},
    "compiled": {"compile": {"jit_compile": True}},
    "half": {"fit": {"precision": "mixed_bfloat16"}},
    "until a loss": {**_by("Adam"), **_until("val_loss", 0.5)},
    "until what never comes": {**_by("Adam"), **_until("val_loss", 1e-6)},
    **{
        name: _by(name)
        for name in ("Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor")
    },
}
DIVERGED: dict[str, Any] = {
    "data": {"target": "petal width"},
    "stack": [{"class_name": "Dense", "units": 1}],
    "compile": {
        "optimizer": {"class_name": "SGD", "learning_rate": 2.0},
        "loss": "mse",
        "metrics": ["mae"],
    },
    "fit": {"epochs": 10},
}
WATCHING: dict[str, list[str]] = {"diverged": ["TerminateOnNaN"], "diverged, unwatched": []}
LEFT: dict[str, dict[str, Any]] = {
    "batch": {"fit": {"batch_size": "auto"}},
    "rate": {"compile": {"optimizer": {"class_name": "Adam", "learning_rate": "auto"}}},
    "epochs": {"fit": {"epochs": 100_000, "max_seconds": 5}},
}
"""What the service finds for itself, or ends by the clock."""
STOPS = {
    "slowed, then stopped": "early-stopping",
    "until an accuracy": "target-reached",
    "until a loss": "target-reached",
}
NEAR = {"rel": 2e-4, "abs": 2e-5}
Plain = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def plain(request: pytest.FixtureRequest) -> Plain:
    """What plain Keras finds by case, of all those that are to run, by one child."""
    names = [*SHORT, *LONG, *WATCHING]
    wanted = [
        name for name in names if any(f"[{name}]" in one.name for one in request.session.items)
    ]
    return _plainly(*wanted).__getitem__


def _plainly(*cases: str) -> dict[str, dict[str, Any]]:
    """What a child with plain Keras finds by case."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.plain_keras", *cases],
        capture_output=True,
        cwd=ROOT,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def dataset(service: Service) -> str:
    """Iris with a weight and a part for each row."""
    text, given = io.StringIO(), rows()
    writer = csv.DictWriter(text, list(given[0]))
    writer.writeheader()
    writer.writerows(given)
    answer = httpx2.post(
        f"{service.url}/v1/datasets?filename=parts.csv",
        content=text.getvalue().encode(),
        headers={"Content-Type": "text/csv", "Prefer": "wait=60"},
        timeout=90,
    )
    assert answer.json()["state"] == "ready", answer.text
    return str(answer.json()["id"])


def _body(dataset: str, changes: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "data": {
            "dataset": dataset,
            "target": "species",
            "features": FEATURES,
            "split": {"by": "column", "column": "part"},
        },
        "stack": STACK,
        "compile": {
            "optimizer": ADAM,
            "loss": "sparse_categorical_crossentropy",
            "metrics": ["accuracy"],
        },
        "fit": {"epochs": 5, "batch_size": 16, "seed": 7, "shuffle": False},
        "callbacks": [],
    }
    return {
        name: {**given, **changes.get(name, {})}
        if isinstance(given, dict)
        else changes.get(name, given)
        for name, given in body.items()
    }


@pytest.mark.parametrize(
    "name", [*SHORT, *(pytest.param(name, marks=pytest.mark.long) for name in LONG)]
)
def test_the_numbers_are_those_of_keras(
    name: str, service: Service, dataset: str, plain: Plain
) -> None:
    job = _ended(service, _body(dataset, {**SHORT, **LONG}[name]))
    assert job["state"] == "succeeded", job["error"]
    assert job["stop_reason"] == STOPS.get(name)
    expected = dict(plain(name))
    near = {"rel": 0.03, "abs": 0.03} if name == "half" else NEAR
    assert job["evaluation"]["metrics"]["loss"] == pytest.approx(expected.pop(""), **near)
    history = _history(service, job)
    assert set(history) == set(expected)
    for key, values in expected.items():
        assert history[key] == pytest.approx(values, **near), key
    if name in STOPS:
        assert 2 < len(history["loss"]) < 5
    if name == "slowed, then stopped":
        assert len(set(history["learning_rate"])) > 1


def _ended(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    made = httpx2.post(f"{service.url}/v1/jobs", json=body, timeout=60)
    assert made.status_code == 202, made.text
    return await_job(service, made.json()["id"])


def _history(service: Service, job: dict[str, Any]) -> dict[str, list[float]]:
    answer = httpx2.get(f"{service.url}/v1/jobs/{job['id']}/history", timeout=60)
    found: dict[str, list[float]] = answer.raise_for_status().json()["history"]
    return found


@pytest.mark.parametrize(
    "name", ["diverged", pytest.param("diverged, unwatched", marks=pytest.mark.long)]
)
def test_a_divergence_is_told_in_the_epoch_in_which_keras_stops(
    name: str, service: Service, dataset: str, plain: Plain
) -> None:
    """And the last good epoch is kept with Keras's weights."""
    expected = plain(name)
    good = len(expected["history"]["loss"]) - 1
    assert 2 < good < 9
    job = _ended(service, _body(dataset, {**DIVERGED, "callbacks": WATCHING[name]}))
    error = job["error"]
    assert (job["state"], error["code"]) == ("failed", "diverged")
    assert f"in epoch {good}." in error["detail"]
    assert error["last_good_epoch"] == good - 1
    history = _history(service, job)
    assert set(history) == set(expected["history"])
    for key, values in expected["history"].items():
        assert history[key][:good] == pytest.approx(values[:good], **NEAR), key
        assert len(history[key]) == good + 1
    assert history["loss"][good] is None  # as numbers that JSON does not have are told
    kept = _kept(service, job["id"], good)
    for ours, theirs in zip(kept, expected["weights"][good - 1], strict=True):
        largest = np.max(np.abs(theirs))
        assert ours / largest == pytest.approx(np.array(theirs) / largest, abs=2e-4)


@pytest.mark.long
def test_a_retry_goes_on_after_the_last_good_epoch(service: Service, dataset: str) -> None:
    """And diverges in the same one: nothing has changed."""
    job = _ended(service, _body(dataset, DIVERGED))
    again = httpx2.post(f"{service.url}/v1/jobs/{job['id']}/retry", timeout=60).json()
    retried = await_job(service, again["id"])
    assert (retried["retry_of"], retried["error"]["detail"]) == (job["id"], job["error"]["detail"])
    (started,) = [
        event["data"] for event in events(service, again["id"]) if event["type"] == "started"
    ]
    assert started["from_epoch"] == job["error"]["last_good_epoch"] + 1


def _kept(service: Service, job: str, epoch: int) -> list[Any]:
    """The weights of the one layer in the checkpoint from which a job goes on with this epoch."""
    folders = (service.home / "objects").glob(f"*/jobs/{job}/1/checkpoints/*")
    newest = checkpoint.read(max(folders, key=lambda folder: int(folder.name)))
    assert (newest.epoch, newest.step) == (epoch, 0)
    return list(newest.variables[:2])


@pytest.fixture(scope="module")
def left(
    request: pytest.FixtureRequest, service: Service, dataset: str
) -> Callable[[str], tuple[dict[str, Any], dict[str, Any]]]:
    """By case a job, and what plain Keras finds with what the job has chosen; by one child."""
    jobs: dict[str, dict[str, Any]] = {}
    cases: dict[str, str] = {}
    for name, changes in LEFT.items():
        if any(f"[left: {name}]" in one.name for one in request.session.items):
            jobs[name] = _ended(service, _body(dataset, changes))
            assert jobs[name]["state"] == "succeeded", jobs[name]["error"]
            cases[name] = f"chosen={json.dumps(_chosen(name, service, jobs[name]))}"
    found = _plainly(*cases.values())
    return lambda name: (jobs[name], found[cases[name]])


def _chosen(name: str, service: Service, job: dict[str, Any]) -> dict[str, Any]:
    chosen = {"batch": job["request"]["fit"]["batch_size"]}
    if name == "rate":
        return {**chosen, "rate": job["chosen"]["learning_rate"]}
    if name == "epochs":  # the clock may have ended the last one before its end
        return {**chosen, "epochs": min(len(_history(service, job)["loss"]) - 1, 60)}
    return chosen


@pytest.mark.long
@pytest.mark.parametrize("name", list(LEFT), ids=[f"left: {name}" for name in LEFT])
def test_what_is_left_to_the_service_gives_the_numbers_of_keras_with_it(
    name: str,
    service: Service,
    left: Callable[[str], tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    job, expected = left(name)
    assert job["request"]["fit"]["batch_size"] == (32 if name == "batch" else 16)
    assert job["stop_reason"] == ("time-budget" if name == "epochs" else None)
    history, end = _history(service, job), expected.pop("")
    assert set(history) == set(expected)
    for key, values in expected.items():
        assert len(values) > 1
        assert history[key][: len(values)] == pytest.approx(values, **NEAR), key
    if name != "epochs":
        assert len(history["loss"]) == len(expected["loss"])
        assert job["evaluation"]["metrics"]["loss"] == pytest.approx(end, **NEAR)
